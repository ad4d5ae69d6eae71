"""`manage.py bench`: measures what walls, audit and sweeps cost, and writes docs/performance.md and bench/results.json.
Works in databases of its own and removes them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """`manage.py bench [--sizes 10k,100k,1m] [--quick] [--keep]`."""

    help = "Measure the cost of walls, audit and sweeps as ratios in one run."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Take sizes and how thorough to be."""
        parser.add_argument("--sizes", help="countries by name, separated by commas: 1k, 10k, 100k40, 100k, 1m")
        parser.add_argument(
            "--quick", action="store_true", help="the smallest country and few rounds; nothing is written"
        )
        parser.add_argument("--keep", action="store_true", help="leave the databases for the next run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, print every figure, and write the files after a whole run."""
        # The bench is beside the product, not part of it: nothing else imports it.
        from bench import report, run
        from bench.data import SIZES
        from bench.goals import goal_of

        usual = run.QUICK if options["quick"] else run.FULL
        names = tuple(options["sizes"].split(",")) if options["sizes"] else usual
        if set(names) - set(SIZES):
            raise CommandError(f"Sizes are {', '.join(SIZES)}.")
        effort = run.HASTY if options["quick"] else run.THOROUGH
        results = run.measure(
            names, effort=effort, say=lambda text: self.stdout.write(f"bench  | {text}"), keep=options["keep"]
        )
        for name, value in sorted(results.numbers.items()):
            goal = goal_of(name)
            verdict = f"{goal.sign:<8} {'met' if goal.met(value) else 'MISSED'}" if goal else ""
            self.stdout.write(f"{name:<44} {value:>10.3g}  {verdict}".rstrip())
        for name, why in sorted(results.skipped.items()):
            self.stdout.write(f"{name:<44} {'-':>10}  {why}")
        # A small run says little about the goals; it must not overwrite what a whole one has shown.
        if not options["quick"] and (set(run.FULL) <= set(names) or not report.DOCUMENT.exists()):
            report.write(results)
            self.stdout.write("Written: docs/performance.md, bench/results.json")
        else:
            self.stdout.write(
                "docs/performance.md and bench/results.json are left as they were: this was not a whole run."
            )
        self.stdout.write(report.summary(results))
