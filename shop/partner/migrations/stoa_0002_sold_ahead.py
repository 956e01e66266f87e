from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
        ('partner', 'stoa_0001_prices_of_four_decimals'),
    ]

    operations = [
        migrations.AddField(
            model_name='stockrecord',
            name='most_ahead',
            field=models.PositiveIntegerField(blank=True, help_text='Pieces; empty: any number.', null=True, verbose_name='sold ahead at most'),
        ),
        migrations.AddField(
            model_name='stockrecord',
            name='promised_on',
            field=models.DateField(blank=True, null=True, verbose_name='promised for'),
        ),
        migrations.AddField(
            model_name='stockrecord',
            name='sold_ahead',
            field=models.CharField(blank=True, choices=[('', 'No'), ('backorder', 'Back-order: they come again'), ('preorder', 'Pre-order: they come for the first time')], db_default='', default='', max_length=10, verbose_name='sold ahead'),
        ),
        migrations.AddConstraint(
            model_name='stockrecord',
            constraint=models.CheckConstraint(condition=models.Q(('sold_ahead__in', ['', 'backorder', 'preorder'])), name='sold_ahead_says_how'),
        ),
    ]
