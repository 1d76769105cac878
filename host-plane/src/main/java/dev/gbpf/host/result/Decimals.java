package dev.gbpf.host.result;

/** Rounding of derived figures, so that their text is short and the same on every machine. */
final class Decimals {
    private Decimals() {}

    static double round3(double value) {
        return Math.round(value * 1e3) / 1e3;
    }

    static double round4(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
