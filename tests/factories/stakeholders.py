"""Rows of the stakeholders app: a small town, unless a test says otherwise."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from stakeholders.models import (
    AccountEvent,
    Area,
    Building,
    Estate,
    Grid,
    Household,
    KeptAnswer,
    Mandate,
    Membership,
    NeedItem,
    Party,
    Resident,
    Revealing,
    Ruling,
    SignInTries,
    Token,
    User,
)
from stakeholders.roles import Role

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class TownFactory(DjangoModelFactory):
    """The town; there is one, as in a deployment."""

    class Meta:
        model = Area
        django_get_or_create = ("code",)

    code = "379926101000"
    name = "清禾镇"
    name_en = "Qinghe Town"


class AreaFactory(DjangoModelFactory):
    """A community of the town."""

    class Meta:
        model = Area
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"379926101{n % 999 + 1:03}")
    name = factory.Sequence(lambda n: f"东湖社区{n}")
    name_en = factory.Sequence(lambda n: f"East Lake {n}")


class GridFactory(DjangoModelFactory):
    class Meta:
        model = Grid

    area = factory.SubFactory(AreaFactory)
    code = factory.LazyAttributeSequence(lambda o, n: f"{o.area.code}{n % 999 + 1:03}")
    name = factory.LazyAttribute(lambda o: f"{o.area.name} {o.code[-3:]}")


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    code = factory.Sequence(lambda n: f"party-{n}")
    name = factory.Sequence(lambda n: f"单位{n}")
    name_en = factory.Sequence(lambda n: f"Party {n}")
    kind = Party.Kind.PROPERTY
    area = factory.SubFactory(TownFactory)


class EstateFactory(DjangoModelFactory):
    class Meta:
        model = Estate

    code = factory.Sequence(lambda n: f"estate-{n}")
    name = factory.Sequence(lambda n: f"小区{n}")
    name_en = factory.Sequence(lambda n: f"Estate {n}")
    kind = Estate.Kind.RESETTLEMENT
    grid = factory.SubFactory(GridFactory)
    area = factory.SelfAttribute("grid.area")


class BuildingFactory(DjangoModelFactory):
    class Meta:
        model = Building

    estate = factory.SubFactory(EstateFactory)
    code = factory.LazyAttributeSequence(lambda o, n: f"{o.estate.code}-b{n}")
    name = factory.Sequence(lambda n: f"{n} 栋")
    grid = factory.SelfAttribute("estate.grid")


class HouseholdFactory(DjangoModelFactory):
    class Meta:
        model = Household

    building = factory.SubFactory(BuildingFactory)
    code = factory.LazyAttributeSequence(lambda o, n: f"{o.building.code}-{n}")
    unit = "1"
    room = "302"
    kind = Household.Kind.VILLAGER


class ResidentFactory(DjangoModelFactory):
    class Meta:
        model = Resident

    household = factory.SubFactory(HouseholdFactory)
    name = "刘桂兰"
    phone = "13800002607"


class RevealingFactory(DjangoModelFactory):
    class Meta:
        model = Revealing

    resident = factory.SubFactory(ResidentFactory)
    by = factory.SubFactory("tests.factories.stakeholders.MembershipFactory", coordinator=True)
    reason = "上门核实"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"王{n}")


class AccountEventFactory(DjangoModelFactory):
    """Somebody signed in by the password."""

    class Meta:
        model = AccountEvent

    account = factory.SubFactory(UserFactory)
    kind = AccountEvent.Kind.SIGNED_IN
    how = AccountEvent.How.PASSWORD
    address = "192.0.2.7"


class SignInTriesFactory(DjangoModelFactory):
    """An account that somebody has mistyped the password of."""

    class Meta:
        model = SignInTries

    account = factory.SubFactory(UserFactory)
    address = "192.0.2.7"
    key = factory.LazyAttribute(lambda o: SignInTries.key_of(o.account.username, o.address))
    count = 1


class MembershipFactory(DjangoModelFactory):
    """A handler of some party, anywhere in the town."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    party = factory.SubFactory(PartyFactory)
    role = Role.HANDLER
    area = factory.SubFactory(TownFactory)
    since = LONG_AGO

    class Params:
        coordinator = factory.Trait(role=Role.COORDINATOR, party__kind=Party.Kind.STREET)
        auditor = factory.Trait(role=Role.AUDITOR)
        administrator = factory.Trait(role=Role.ADMINISTRATOR)
        api_client = factory.Trait(role=Role.API_CLIENT)
        grid_worker = factory.Trait(
            role=Role.GRID_WORKER, grid=factory.SubFactory(GridFactory), party__kind=Party.Kind.COMMITTEE
        )


class TokenFactory(DjangoModelFactory):
    """A token whose secret is "secret" unless a test says otherwise."""

    class Meta:
        model = Token

    class Params:
        secret = "secret"

    membership = factory.SubFactory(MembershipFactory)
    name = "BI"
    digest = factory.LazyAttribute(lambda o: Token.digest_of(o.secret))
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)


class KeptAnswerFactory(DjangoModelFactory):
    """What was answered to the first request with a key."""

    class Meta:
        model = KeptAnswer

    membership = factory.SubFactory(MembershipFactory)
    key = factory.Sequence(lambda n: f"key-{n}")
    fingerprint = "0" * 64
    status = 201
    headers = factory.LazyFunction(dict)
    body = factory.LazyFunction(dict)


class MandateFactory(DjangoModelFactory):
    """A party leads for everything in the town, for ever."""

    class Meta:
        model = Mandate

    class Params:
        item = None  # the code of an item

    party = factory.SubFactory(PartyFactory)
    role = Mandate.Role.LEAD
    area = factory.Maybe("estate", None, factory.Maybe("building", None, factory.SubFactory(TownFactory)))
    estate = None
    building = None
    need_item = factory.LazyAttribute(lambda o: NeedItem.objects.get(code=o.item) if o.item else None)
    valid_from = LONG_AGO
    basis = "物业服务合同第 8 条"


class RulingFactory(DjangoModelFactory):
    class Meta:
        model = Ruling

    lead = factory.SubFactory(PartyFactory)
    area = factory.Maybe("estate", None, factory.Maybe("building", None, factory.SubFactory(TownFactory)))
    estate = None
    building = None
    valid_from = LONG_AGO
    decided_at = LONG_AGO
    reason = "按合同约定"
