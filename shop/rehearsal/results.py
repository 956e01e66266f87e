"""Adding the lines of a rehearsal up, in the database."""

from django.db import connection

from .models import Kind, Rehearsal, Result

SUMS = """
INSERT INTO rehearsal_result (rehearsal_id, kind, company_id, product_id, label, code, lines, pieces, changed, refused,
                              refused_net, net_before, net_after, costed_before, costed_after, cost)
SELECT line.rehearsal_id, %(kind)s, {columns}, count(*), coalesce(sum(quantity), 0),
       count(*) FILTER (WHERE line.refusal = '' AND net_after <> net_before),
       count(*) FILTER (WHERE line.refusal <> ''),
       coalesce(sum(net_before) FILTER (WHERE line.refusal <> ''), 0),
       coalesce(sum(net_before) FILTER (WHERE line.refusal = ''), 0),
       coalesce(sum(net_after) FILTER (WHERE line.refusal = ''), 0),
       coalesce(sum(net_before) FILTER (WHERE line.refusal = '' AND cost IS NOT NULL), 0),
       coalesce(sum(net_after) FILTER (WHERE line.refusal = '' AND cost IS NOT NULL), 0),
       coalesce(sum(cost) FILTER (WHERE line.refusal = ''), 0)
  FROM rehearsal_rehearsedline line {joined}
 WHERE line.rehearsal_id = %(rehearsal)s
 GROUP BY line.rehearsal_id{grouped}
"""

KINDS = {
    Kind.TOTAL: {"columns": "NULL, NULL, '', ''", "joined": "", "grouped": ""},
    Kind.COMPANY: {
        "columns": "company.id, NULL, coalesce(company.name, ''), coalesce(company.code, '')",
        "joined": "LEFT JOIN companies_company company ON company.id = line.company_id",
        "grouped": ", company.id, company.name, company.code",
    },
    Kind.PRODUCT: {
        "columns": "NULL::bigint, line.product_id, max(line.label), max(line.code)",
        "joined": "",
        "grouped": ", line.product_id",
    },
}


def add_up(rehearsal: Rehearsal) -> None:
    """One row for all lines, one for each company and for those who buy for themselves, one for each product."""
    Result.objects.filter(rehearsal=rehearsal).delete()
    with connection.cursor() as cursor:
        for kind, parts in KINDS.items():
            cursor.execute(SUMS.format(**parts), {"kind": kind, "rehearsal": rehearsal.pk})
