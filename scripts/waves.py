"""Reads VCD waveforms (IEEE 1364), for the scripts and tests that look at what cfcsim traced."""


class WaveError(Exception):
    """A file that is no readable waveform; the message names file and line."""


class Waves:
    """Signals by path (scopes and name, with dots), each a list of (time, text of the value).

    A value's text is binary digits without leading repetition, `z` or `x`.
    """

    def __init__(self, file):
        self.file = file
        self.bits = {}
        self.changes = {}
        self.end = 0
        self._paths = {}
        self._scopes = []
        self._is_declared = False  # $enddefinitions has come
        self._section = []  # words of a $section that is not at its $end yet
        self._time = 0
        try:
            with open(file, encoding="ascii") as lines:
                self._read(enumerate(lines, 1))
        except (OSError, UnicodeDecodeError) as error:
            raise WaveError(f"{file}: cannot be read: {error}") from error
        if not self.changes:
            raise WaveError(f"{file}: no signals; is it a VCD?")
        if not self._is_declared:
            raise WaveError(f"{file}: ends inside its header; trace it again")

    def _read(self, lines):
        for number, line in lines:
            words = line.split()
            try:
                if words:
                    self._take(words)
            except (KeyError, ValueError, IndexError) as error:
                raise WaveError(f"{self.file}:{number}: not understood: {line.strip()}") from error

    def _take(self, words):
        if self._section or words[0][0] == "$":
            self._section += words
            if words[-1] == "$end":
                section, self._section = self._section, []
                self._declare(section)
        elif words[0][0] == "#":
            self._time = self.end = int(words[0][1:])
        elif words[0][0] == "b":
            self._change(words[1], words[0][1:])
        else:
            self._change(words[0][1:], words[0][0])

    def _declare(self, section):
        keyword = section[0]
        if keyword == "$scope":
            self._scopes.append(section[2])
        elif keyword == "$upscope":
            self._scopes.pop()
        elif keyword == "$var":
            path = ".".join([*self._scopes, section[4]])
            self._paths.setdefault(section[3], []).append(path)
            self.bits[path] = int(section[2])
            self.changes[path] = []
        elif keyword == "$enddefinitions":
            self._is_declared = True
        elif keyword == "$dumpvars":
            for words in _values(section[1:-1]):
                self._take(words)

    def _change(self, identifier, digits):
        for path in self._paths[identifier]:
            value = digits[0] if digits[0] in "xz" else digits.zfill(self.bits[path])
            changes = self.changes[path]
            if changes and changes[-1][0] == self._time:
                changes.pop()
            if not changes or changes[-1][1] != value:
                changes.append((self._time, value))

    def below(self, scope):
        """The paths in `scope`, without it."""
        return [path[len(scope) + 1 :] for path in self.changes if path.startswith(scope + ".")]

    def samples(self, path, times):
        """The value's text at each of the ascending `times`."""
        values, position, changes = [], -1, self.changes[path]
        for time in times:
            while position + 1 < len(changes) and changes[position + 1][0] <= time:
                position += 1
            values.append(changes[position][1] if position >= 0 else "x")
        return values

    def numbers(self, path, times, signed=False):
        """The same as integers; None where the signal floats."""
        return [to_number(text, signed) for text in self.samples(path, times)]

    def cycles(self):
        """(number, time) of each clock cycle: what `bench.cycle` counts."""
        changes = self.changes["bench.cycle"]
        return [(to_number(text), time) for time, text in changes]


def _values(words):
    """Changes of value, word by word."""
    words = iter(words)
    return [[word, next(words)] if word[0] == "b" else [word] for word in words]


def to_number(text, signed=False):
    if text[0] in "xz":
        return None
    value = int(text, 2)
    return value - (1 << len(text)) if signed and text[0] == "1" else value
