package dev.gbpf.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Draws time per instruction over the size of programs, both logarithmic: a level line is linear time. */
final class ScalePlot {
    /** Of a file with a family's series: lines of size, ns and bytes per instruction, separated by tabs. */
    static final String SUFFIX = ".tsv";

    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int RIGHT = 120;
    private static final int TOP = 20;
    private static final int BOTTOM = 50;
    /** Powers of ten of the axes: instructions, and ns per instruction. */
    private static final int LEAST_SIZE = 2;

    private static final int GREATEST_SIZE = 6;
    private static final int LEAST_TIME = 2;
    private static final int GREATEST_TIME = 4;

    private static final List<String> COLOURS = List.of("#1b6ca8", "#c8553d", "#3a7d44", "#7b4b94");

    private final StringBuilder svg = new StringBuilder();

    private ScalePlot() {}

    /** Draws the series that lie in a folder. */
    static void draw(Path folder, Path file) throws IOException {
        ScalePlot plot = new ScalePlot();
        plot.axes();
        for (int i = 0; i < Subject.FAMILIES.size(); i++) {
            Path series = folder.resolve(Subject.FAMILIES.get(i) + SUFFIX);
            if (Files.exists(series)) {
                plot.series(Subject.FAMILIES.get(i), COLOURS.get(i), Files.readAllLines(series));
            }
        }
        Files.writeString(file, plot.svg + "</svg>\n");
    }

    private void axes() {
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH, HEIGHT));
        for (int power = LEAST_SIZE; power <= GREATEST_SIZE; power++) {
            double x = x(Math.pow(10, power));
            line(x, TOP, x, HEIGHT - BOTTOM, "#ddd");
            text(x, HEIGHT - BOTTOM + 18, "middle", "#333", label(power));
        }
        for (int power = LEAST_TIME; power <= GREATEST_TIME; power++) {
            double y = y(Math.pow(10, power));
            line(LEFT, y, WIDTH - RIGHT, y, "#ddd");
            text(LEFT - 8, y + 4, "end", "#333", label(power));
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", "#333", "instructions of the program");
        text(LEFT - 50, TOP - 6, "start", "#333", "ns per instruction");
    }

    private static String label(int power) {
        return String.format(Locale.ROOT, "%,d", (long) Math.pow(10, power));
    }

    private void series(String name, String colour, List<String> lines) {
        StringBuilder points = new StringBuilder();
        double lastX = 0;
        double lastY = 0;
        for (String line : lines) {
            List<String> fields = List.of(line.split("\t", -1));
            lastX = x(Double.parseDouble(fields.get(0)));
            lastY = y(Double.parseDouble(fields.get(1)));
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", lastX, lastY));
            svg.append(String.format(
                    Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", lastX, lastY, colour));
        }
        svg.append(String.format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                points.toString().strip(), colour));
        text(lastX + 8, lastY + 4, "start", colour, name);
    }

    private static double x(double size) {
        double share = (Math.log10(size) - LEAST_SIZE) / (GREATEST_SIZE - LEAST_SIZE);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double nanos) {
        double share = (Math.log10(nanos) - LEAST_TIME) / (GREATEST_TIME - LEAST_TIME);
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private void line(double x1, double y1, double x2, double y2, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour));
    }

    private void text(double x, double y, String anchor, String colour, String words) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                colour,
                words));
    }
}
