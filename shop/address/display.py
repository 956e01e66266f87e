"""How an address is shown: as its country writes it, the country's name in the reader's language."""

from .countries import country_name

CODE_BEFORE_TOWN = (
    "AD AL AT BA BE BG CH CZ DE DK EE ES FI FO FR GL GR HR HU IS IT LI LT LU LV MC ME MK NL NO PL PT RO RS SE SI SK SM"
)
"""Where the post office wants the postcode and the town on one line, in this order."""


class ShownAddress:
    """For Oscar's address models. What is stored, searched and compared stays in one language and order."""

    def active_address_fields(self) -> list[str]:
        """Its lines, from the name to the country."""
        town = ["line4", "state", "postcode"]
        if self.country_id in CODE_BEFORE_TOWN.split():  # type: ignore[attr-defined]
            places = [f"{self.postcode} {self.line4}".strip(), self.state]  # type: ignore[attr-defined]
        else:
            places = self.get_field_values(town)  # type: ignore[attr-defined]
        lines = self.get_field_values(["salutation", "line1", "line2", "line3"])  # type: ignore[attr-defined]
        shown = [*lines, *places, country_name(self.country_id)]  # type: ignore[attr-defined]
        return [line.strip() for line in shown if line and line.strip()]
