"""The signs of states: every fault has one, and no two look alike."""

from django.utils import translation

from cases.models import Case, Finding
from cases.signs import CLEAR, SIGNS, sign_of


def test_every_fault_and_every_request_has_a_sign() -> None:
    assert set(SIGNS) >= {*Finding.Kind.values, *Case.Asked.values}


def test_no_two_signs_share_their_letter() -> None:
    with translation.override("en"):
        letters = [str(sign.letter) for sign in SIGNS.values()]

    assert len(set(letters)) == len(letters)


def test_what_has_no_sign_is_clear() -> None:
    assert sign_of("held") == sign_of("") == CLEAR
