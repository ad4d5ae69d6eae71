"""`manage.py create_administrator`: the first administrator of an agency, for a fresh installation. Prints a one-time password once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from coordination import clock, login
from coordination.models import Agency, Membership, Role, User
from coordination.worlds import World

WORLDS = {
    Agency.Kind.PRISON: World.CUSTODY,
    Agency.Kind.REGION: World.CUSTODY,
    Agency.Kind.DIRECTORATE: World.CUSTODY,
    Agency.Kind.MUNI_HEALTH: World.MUNICIPAL_HEALTH,
    Agency.Kind.HEALTH_TRUST: World.SPECIALIST_HEALTH,
}
#: option → (field of the agency, kind it must have)
RELATED = {
    "region": ("region", Agency.Kind.REGION),
    "health_service": ("health_service", Agency.Kind.MUNI_HEALTH),
    "specialist_service": ("specialist_service", Agency.Kind.HEALTH_TRUST),
}


class Command(BaseCommand):
    """Runs in the migrate process, which alone holds the owner's and the login's passwords. Safe to run again."""

    help = (
        "Create the first administrator of an agency, and with --create the agency itself. Prints a one-time password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take agency and user; related agencies only together with --create."""
        parser.add_argument("--agency", required=True, help="the agency's name")
        parser.add_argument(
            "--kind",
            choices=[k.value for k in Agency.Kind],
            help="needed when two agencies share the name, and with --create",
        )
        parser.add_argument("--create", action="store_true", help="make the agency when it is missing")
        parser.add_argument("--region", help="with --create: the prison's region")
        parser.add_argument("--health-service", help="with --create: the municipal service of the prison")
        parser.add_argument("--specialist-service", help="with --create: the health trust")
        parser.add_argument("--username", required=True)
        parser.add_argument("--full-name", default="", help="needed for a new login")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find or make agency and login, add the membership, print the password."""
        # The login is committed on its own connection before the membership can point at it; alone it opens nothing.
        agency = self._agency(options)
        user, password = self._user(options)
        with transaction.atomic(using="owner"):
            known = Membership.objects.using("owner").filter(
                agency=agency, user_id=user.pk, role=Role.ADMINISTRATOR, ended_at=None
            )
            if known.exists():
                raise CommandError(f"{user.username} is already an administrator of {agency.name}.")
            Membership(
                user_id=user.pk,
                agency=agency,
                role=Role.ADMINISTRATOR,
                reach=Role.ADMINISTRATOR.usual_reach,
                display_name=user.full_name,
                email=options["email"],
                started_at=clock.now(),
            ).save(using="owner", force_insert=True)
        self.stdout.write(f"{user.username} is administrator of {agency.name}.")
        if password:
            self.stdout.write(f"One-time password, shown only now: {password}")
        else:
            self.stdout.write("The login existed already and keeps its password.")

    def _agency(self, options: dict[str, Any]) -> Agency:
        found = Agency.objects.using("owner").filter(name=options["agency"])
        if options["kind"]:
            found = found.filter(kind=options["kind"])
        agencies = list(found[:2])
        if len(agencies) == 2:
            raise CommandError("Two agencies share the name. Say which with --kind.")
        if agencies:
            return agencies[0]
        if not options["create"] or not options["kind"]:
            raise CommandError("No such agency. To make it, add --create and --kind.")
        kind = Agency.Kind(options["kind"])
        related = {
            field: self._related(options[name], wanted) for name, (field, wanted) in RELATED.items() if options[name]
        }
        agency = Agency(name=options["agency"], kind=kind, world=WORLDS[kind], **related)
        agency.save(using="owner", force_insert=True)
        return agency

    def _related(self, name: str, kind: Agency.Kind) -> Agency:
        agency = Agency.objects.using("owner").filter(name=name, kind=kind).first()
        if agency is None:
            raise CommandError(f"No agency of kind {kind.value} is called {name}.")
        return agency

    def _user(self, options: dict[str, Any]) -> tuple[User, str]:
        username = login.username_of(options["username"])
        user = User.objects.using("auth").filter(username=username).first()
        if user is not None:
            return user, ""
        if not options["full_name"].strip():
            raise CommandError("A new login needs --full-name.")
        password = login.one_time_password()
        user = User(username=username, full_name=" ".join(options["full_name"].split()), must_change_password=True)
        user.set_password(password)
        user.save(using="auth", force_insert=True)
        return user, password
