"""What a run found: numbers by name, what could not be measured and why, and the times behind the ratios. Judges nothing."""

from dataclasses import dataclass, field

from bench.timing import milliseconds, ratio


@dataclass
class Results:
    """The findings of one run. `numbers` is what results.json holds; `times` are medians in milliseconds, for the reader."""

    numbers: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    times: dict[str, dict[str, float]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: float) -> None:
        """Keep a number."""
        self.numbers[name] = round(value, 4)

    def skip(self, name: str, why: str) -> None:
        """Say why a number is missing."""
        self.skipped[name] = why

    def time(self, name: str, who: str, samples: list[float]) -> None:
        """Keep the median of samples, in milliseconds, under the name of a figure and of a side of it."""
        self.times.setdefault(name, {})[who] = round(milliseconds(samples), 4)

    def compare(self, name: str, above: list[float], below: list[float], sides: tuple[str, str]) -> None:
        """Keep a ratio and the two times behind it."""
        self.put(name, ratio(above, below))
        self.time(name, sides[0], above)
        self.time(name, sides[1], below)

    def worst(self, name: str, prefix: str) -> None:
        """Keep the highest of the numbers below a prefix under a name of its own."""
        found = [value for key, value in self.numbers.items() if key.startswith(prefix) and "@" not in key]
        if found:
            self.put(name, max(found))
