"""How time is taken: variants side by side in interleaved rounds, medians, and ratios within a round. Knows nothing of what it times."""

import gc
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

Clock = Callable[[], float]
Work = Callable[[], object]
#: Takes one sample: seconds per call.
Sampler = Callable[[], float]
#: A sample lasts at least this long, so that the clock's grain and a single hiccup do not matter.
SAMPLE_SECONDS = 0.004


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the garbage collector out of a measurement."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def rounds_of(samplers: Mapping[str, Sampler], rounds: int) -> dict[str, list[float]]:
    """Return seconds per call, one sample per variant and round; each round takes every variant, beginning with another one."""
    names = list(samplers)
    samples: dict[str, list[float]] = {name: [] for name in names}
    with undisturbed():
        for number in range(rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                samples[name].append(samplers[name]())
    return samples


def sampler(work: Work, calls: int, clock: Clock = time.perf_counter) -> Sampler:
    """Return what times some calls and gives the seconds of one."""

    def sample() -> float:
        begin = clock()
        for _ in range(calls):
            work()
        return (clock() - begin) / calls

    return sample


def interleave(
    variants: Mapping[str, Work], *, rounds: int = 15, seconds: float = 6.0, clock: Clock = time.perf_counter
) -> dict[str, list[float]]:
    """Return samples of each variant, each of enough calls to last; at least three rounds, and as many of `rounds` as fit in `seconds`."""
    samplers, cost = {}, 0.0
    for name, work in variants.items():
        work()
        begin = time.perf_counter()
        work()
        once = max(time.perf_counter() - begin, 1e-7)
        calls = min(max(math.ceil(SAMPLE_SECONDS / once), 1), 400)
        samplers[name] = sampler(work, calls, clock)
        cost += once * calls
    return rounds_of(samplers, max(3, min(rounds, int(seconds / cost))))


def ratio(above: list[float], below: list[float]) -> float:
    """Return the median of the ratios within each round: what disturbed a whole round disturbs both."""
    return median(a / max(b, 1e-9) for a, b in zip(above, below, strict=True))


def milliseconds(samples: list[float]) -> float:
    """Return the median in milliseconds."""
    return median(samples) * 1000


class Cpu:
    """A clock of the processor time of this process and of some others, such as the database's backends for it.

    On a machine with other work it tells what elapsed time only tells on an idle one; what is waited for (the disk) it does not see.
    """

    def __init__(self, pids: list[int]) -> None:
        """Watch these processes besides this one."""
        self.readers = [reader(pid) for pid in pids]

    def __call__(self) -> float:
        """Return seconds so far."""
        return time.process_time() + sum(read() for read in self.readers)


def reader(pid: int) -> Clock:
    """Return a clock of one process: in nanoseconds where the kernel tells them, else in its hundredths of a second."""
    precise = Path(f"/proc/{pid}/schedstat")
    try:
        precise.read_text()
    except OSError:
        process = psutil.Process(pid)

        def coarse() -> float:
            times = process.cpu_times()
            return float(times.user + times.system)

        return coarse
    return lambda: int(precise.read_text().split()[0]) / 1e9
