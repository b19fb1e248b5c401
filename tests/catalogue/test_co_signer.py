"""Whom the law asks besides the requester: named by answers that the form asks for, or the start stops."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from catalogue import check_form
from catalogue.faults import BadCatalogue
from catalogue.model import Condition, CoSign
from tests.conversations.world import catalogue

ADOPTION = "nuoi-con-nuoi-trong-nuoc"


def test_the_catalogue_as_it_is() -> None:
    procedure = catalogue().procedures[ADOPTION]
    check_form.procedure("here.toml", procedure)
    assert procedure.co_signer is not None
    assert procedure.co_signer.names == ("adopter2_name",)


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        (CoSign(role="vợ", shown=("no-such-question",)), "co_signer.shown"),
        (CoSign(role="vợ", shown=("child_name",), names=("no-such-question",)), "co_signer.names"),
        (CoSign(role="vợ", shown=("child_name",), when=Condition(field="nobody", in_=("x",))), "co_signer.when"),
    ],
)
def test_a_wrong_key_is_named(rule: CoSign, key: str) -> None:
    procedure = replace(catalogue().procedures[ADOPTION], co_signer=rule)
    with pytest.raises(BadCatalogue) as error:
        check_form.procedure("here.toml", procedure)
    assert error.value.key.startswith(key)
