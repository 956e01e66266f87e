import django.db.models.deletion
import django.db.models.functions.datetime
import shop.stores.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('address', '0007_useraddress_code'),
        ('basket', 'stoa_0002_noted_quantities'),
        ('order', 'stoa_0004_cancelled'),
        ('partner', 'stoa_0002_sold_ahead'),
        ('stores', '0004_store_further_currencies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant_id', models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('code', models.SlugField(help_text='Names it in files.', max_length=30, unique=True, verbose_name='code')),
                ('kind', models.CharField(choices=[('warehouse', 'Warehouse'), ('shop', 'Shop')], default='warehouse', max_length=10, verbose_name='kind')),
                ('line1', models.CharField(blank=True, max_length=255, verbose_name='street')),
                ('line4', models.CharField(blank=True, max_length=255, verbose_name='town')),
                ('postcode', models.CharField(blank=True, max_length=64, verbose_name='postcode')),
                ('priority', models.PositiveSmallIntegerField(default=0, help_text='The smallest comes first.', verbose_name='priority')),
                ('is_active', models.BooleanField(default=True, help_text='Only an empty one can be given up.', verbose_name='active')),
                ('country', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='address.country', verbose_name='country')),
            ],
            options={
                'verbose_name': 'location',
                'verbose_name_plural': 'locations',
                'ordering': ['priority', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StockCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant_id', models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='file')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='rows')),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='sent')),
                ('signed_at', models.DateTimeField(editable=False, null=True, verbose_name='signed')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'stock count',
                'verbose_name_plural': 'stock counts',
                'ordering': ['-sent_at', '-pk'],
                'permissions': [('sign_stockcount', 'Can sign a stock count')],
                'default_permissions': ('add', 'view'),
            },
        ),
        migrations.CreateModel(
            name='StockPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant_id', models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ('rule', models.CharField(choices=[('priority', 'the location of the first priority'), ('nearest', 'the location nearest to the delivery address'), ('fullest', 'the location that has most of it')], default='priority', max_length=10, verbose_name='goods are taken from')),
                ('hold_minutes', models.PositiveSmallIntegerField(default=15, help_text='Minutes.', verbose_name='goods are kept for a buyer who pays')),
                ('store', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stock_policy', to='stores.store')),
            ],
            options={
                'verbose_name': 'stock policy',
                'verbose_name_plural': 'stock policies',
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant_id', models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ('quantity', models.PositiveIntegerField(verbose_name='pieces')),
                ('promised_on', models.DateField(null=True, verbose_name='promised for')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='order.line')),
                ('stockrecord', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='partner.stockrecord')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='inventory.location')),
            ],
            options={
                'verbose_name': 'allocation',
                'verbose_name_plural': 'allocations',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('line', 'location'), name='one_allocation_of_a_line_at_a_location', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='allocations_are_of_something')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant_id', models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ('quantity', models.PositiveIntegerField(verbose_name='pieces')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('basket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reservations', to='basket.basket')),
                ('stockrecord', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reservations', to='partner.stockrecord')),
            ],
            options={
                'verbose_name': 'reservation',
                'verbose_name_plural': 'reservations',
                'constraints': [models.UniqueConstraint(fields=('basket', 'stockrecord'), name='one_reservation_of_a_basket'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='reservations_are_of_something')],
            },
        ),
        migrations.CreateModel(
            name='CountDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant_id', models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ('file_line', models.PositiveIntegerField(verbose_name='line')),
                ('expected', models.IntegerField(verbose_name='expected')),
                ('counted', models.IntegerField(verbose_name='counted')),
                ('stockrecord', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partner.stockrecord')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='inventory.stockcount')),
            ],
            options={
                'ordering': ['file_line'],
                'constraints': [models.UniqueConstraint(fields=('count', 'stockrecord', 'location'), name='one_difference_of_a_level'), models.CheckConstraint(condition=models.Q(('expected', models.F('counted')), _negated=True), name='differences_differ')],
            },
        ),
        migrations.CreateModel(
            name='StockLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant_id', models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ('on_hand', models.IntegerField(default=0, verbose_name='on hand')),
                ('allocated', models.IntegerField(default=0, verbose_name='allocated')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='inventory.location')),
                ('stockrecord', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levels', to='partner.stockrecord')),
            ],
            options={
                'verbose_name': 'stock level',
                'verbose_name_plural': 'stock levels',
                'ordering': ['location__priority', 'location'],
                'constraints': [models.UniqueConstraint(fields=('stockrecord', 'location'), name='one_level_at_a_location'), models.CheckConstraint(condition=models.Q(('allocated__gte', 0), ('on_hand__gte', 0)), name='levels_are_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant_id', models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='time')),
                ('sku', models.CharField(blank=True, max_length=128, verbose_name='SKU')),
                ('quantity', models.IntegerField(verbose_name='pieces')),
                ('cause', models.CharField(choices=[('receipt', 'Receipt'), ('sale', 'Sale'), ('cancel', 'Cancellation'), ('return', 'Return'), ('count', 'Count'), ('transfer', 'Transfer'), ('correction', 'Correction')], max_length=10, verbose_name='cause')),
                ('reference', models.CharField(blank=True, max_length=128, verbose_name='reference')),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='movements', to='order.line')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='inventory.location')),
                ('stockrecord', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='movements', to='partner.stockrecord')),
            ],
            options={
                'verbose_name': 'stock movement',
                'verbose_name_plural': 'stock movements',
                'ordering': ['-at', '-pk'],
                'default_permissions': ('add', 'view'),
                'indexes': [models.Index(fields=['stockrecord', '-at', '-id'], name='movements_of_record'), models.Index(condition=models.Q(('line__isnull', False)), fields=['line'], name='movements_of_line')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity', 0), _negated=True), name='movements_move_something')],
            },
        ),
    ]
