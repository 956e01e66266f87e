"""Words that stand in the texts of staged rows and say whose they are; a proof looks for them in every answer."""

FIRST_ID = {"attacker": 5_000_001, "victim": 9_000_001}
"""Of each merchant's rows, in every table."""

DIFFERENCE = FIRST_ID["victim"] - FIRST_ID["attacker"]
"""What turns an id of the attacker's into the victim's of the same kind."""

MERCHANT = {name: f"zq{name}qz" for name in FIRST_ID}
"""In every row of this merchant's."""

STORE = "qs1q"
"""In every row that belongs to the merchant's first store."""

PERSON = "qp1q"
"""In every row that belongs to the merchant's first shopper."""
