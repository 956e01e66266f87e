from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_invoiced_orders")]

    operations = [
        migrations.AlterField(
            model_name="paymenttransaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("authorise", "Authorised"),
                    ("capture", "Captured"),
                    ("void", "Voided"),
                    ("refund", "Refunded"),
                    ("dispute", "Disputed"),
                    ("dispute_won", "Dispute won"),
                    ("dispute_lost", "Dispute lost"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
