"""The generation job that every engine runs: 64 prompts of 134 to 166 tokens, 32 greedy tokens after each, end-of-text ignored."""
import os

VOCABULARY = 49152
PROMPTS = 64
NEW_TOKENS = 32
ADAPTERS = 8


def prompt(index, vocabulary=VOCABULARY):
    length = 134 + (index * 37) % 33
    return [(position * 37 + index * 101) % (vocabulary - 600) + 300 for position in range(length)]


def prompts(count=PROMPTS):
    return [prompt(index) for index in range(count)]


def process_age():
    """Seconds since this process started (Linux; the kernel counts in hundredths)."""
    import time
    with open("/proc/self/stat") as stream:
        started = int(stream.read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def peak_bytes():
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sizes = [len(tokens) for tokens in prompts()]
    print(f"{len(sizes)} prompts, {sum(sizes)} tokens, {min(sizes)} to {max(sizes)}, {len(sizes) * NEW_TOKENS} new tokens")
