from itertools import combinations

from shop.order.numbers import ALPHABET, check_character, new_number


def test_a_number_has_the_stores_prefix_and_fits_a_bank_reference():
    number = new_number("aurora-x-long")

    prefix, _, code = number.rpartition("-")
    assert prefix == "AURORA-X"
    assert set(code) <= set(ALPHABET)
    assert len(code) == 9
    assert len(number) == 18


def test_numbers_follow_no_order():
    numbers = [new_number("A") for _ in range(1000)]

    assert len(set(numbers)) == 1000
    assert numbers != sorted(numbers)


def test_a_number_ends_with_the_character_that_checks_it():
    code = new_number("aurora").rpartition("-")[2]

    assert check_character(code[:-1]) == code[-1]


def test_one_wrong_character_is_seen():
    code = "7K3M9RXV"
    wrong = [code[:i] + char + code[i + 1 :] for i in range(8) for char in ALPHABET if char != code[i]]

    assert check_character(code) not in {check_character(text) for text in wrong}


def test_two_characters_that_changed_places_are_seen():
    code = "7K3M9RXV"

    swapped = []
    for i, j in combinations(range(8), 2):
        chars = list(code)
        chars[i], chars[j] = chars[j], chars[i]
        swapped.append("".join(chars))
    assert check_character(code) not in {check_character(text) for text in swapped}
