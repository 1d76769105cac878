package dev.gbpf.host.report;

import dev.gbpf.host.result.RunResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A result as one HTML file, for people. It needs no network and no other file; all figures that it shows are in it. Texts
 * that come from scenarios are escaped wherever they stand.
 */
public final class HtmlReport {
    private static final List<String> SCRIPTS =
            List.of("base.js", "axis.js", "stack.js", "curves.js", "lanes.js", "page.js");

    private static final String STYLE = "page.css";

    private HtmlReport() {}

    /** One run. */
    public static String write(RunResult result) {
        Markup page = new Markup();
        head(page, result.run().scenario() + ", " + result.run().label(), STYLE);
        RunPage.write(page, result);
        foot(page, PageData.of(List.of(result), true));
        return page.toString();
    }

    /**
     * Several runs of one scenario, each under another policy.
     *
     * @param results at least one
     */
    public static String write(List<RunResult> results) {
        if (results.isEmpty()) {
            throw new IllegalArgumentException("a comparison needs runs");
        }
        Markup page = new Markup();
        head(page, results.getFirst().run().scenario() + ", " + results.size() + " policies compared", STYLE);
        ComparisonPage.write(page, results);
        foot(page, PageData.of(results, false));
        return page.toString();
    }

    /** Opens a page and its body. */
    static void head(Markup page, String title, String style) {
        page.trusted("<!DOCTYPE html>\n");
        page.open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml").open("head");
        page.open("meta", "charset", "utf-8");
        page.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.open("meta", "name", "generator", "content", "gBPF");
        page.element("title", title + " - gBPF");
        page.open("style")
                .trusted("/*<![CDATA[*/\n" + resource(style) + "/*]]>*/")
                .closeLine();
        page.closeLine().open("body");
    }

    private static void foot(Markup page, PageData data) {
        page.open("script", "type", "application/json", "id", "data")
                .trusted(data.json())
                .closeLine();
        page.open("script").trusted("//<![CDATA[\n\"use strict\";\n(function () {\n");
        SCRIPTS.forEach(script -> page.trusted(resource(script)));
        page.trusted("}());\n//]]>").closeLine();
        page.closeLine().closeLine();
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + name, e);
        }
    }
}
