from django_tables2 import TemplateColumn
from oscar.apps.dashboard.catalogue import tables as oscars


class ProductTable(oscars.ProductTable):
    checkbox = TemplateColumn(
        verbose_name="", template_name="oscar/dashboard/catalogue/product_row_checkbox.html", orderable=False
    )


class CategoryTable(oscars.CategoryTable):
    checkbox = TemplateColumn(
        verbose_name="", template_name="oscar/dashboard/catalogue/category_row_checkbox.html", orderable=False
    )
