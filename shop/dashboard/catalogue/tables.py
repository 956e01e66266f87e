from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2 import DateTimeColumn, TemplateColumn
from oscar.apps.dashboard.catalogue import tables as oscars


class ProductTable(oscars.ProductTable):
    checkbox = TemplateColumn(
        verbose_name="", template_name="oscar/dashboard/catalogue/product_row_checkbox.html", orderable=False
    )
    date_updated = DateTimeColumn(verbose_name=pgettext_lazy("when", "Changed"))

    class Meta(oscars.ProductTable.Meta):
        pass


class CategoryTable(oscars.CategoryTable):
    checkbox = TemplateColumn(
        verbose_name="", template_name="oscar/dashboard/catalogue/category_row_checkbox.html", orderable=False
    )
    actions = TemplateColumn(
        verbose_name=_("Actions"), template_name="oscar/dashboard/catalogue/category_row_actions.html", orderable=False
    )

    class Meta(oscars.CategoryTable.Meta):
        pass
