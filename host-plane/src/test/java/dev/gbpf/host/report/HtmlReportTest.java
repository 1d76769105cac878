package dev.gbpf.host.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gbpf.host.result.FakeRun;
import dev.gbpf.host.result.FakeRun.Change;
import dev.gbpf.host.result.FakeRun.Load;
import dev.gbpf.host.result.FakeRun.Rule;
import dev.gbpf.host.result.RunResult;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {
    private static final long MS = 1_000_000;
    private static final String HOSTILE = "</script><b>&\"'<!--]]>\u2028";

    private static List<Load> loads(String first) {
        return List.of(
                new Load(first, 8, 10, 420, 2_000_000, 12_000_000, 10_000_000),
                new Load("search", 4, 5, 260, 3_500_000, 0, 25_000_000),
                new Load("training", 1, 0, 95, 24_000_000, 0, 0));
    }

    private static RunResult under(Rule rule, String first) {
        return FakeRun.run(7, 2_000 * MS, 4, loads(first), List.of(new Change(0, rule)));
    }

    private static RunResult swapped(String first) {
        return FakeRun.run(
                7, 2_000 * MS, 4, loads(first), List.of(new Change(0, Rule.FIFO), new Change(900 * MS, Rule.WEIGHTED)));
    }

    private static Document parse(String html) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            return builder.parse(new InputSource(new StringReader(html)));
        } catch (Exception e) {
            throw new AssertionError("the page is not well-formed: " + e.getMessage(), e);
        }
    }

    private static List<Element> elements(Document page, String tag) {
        NodeList nodes = page.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static JsonNode embedded(Document page) {
        Element script = elements(page, "script").getFirst();
        assertThat(script.getAttribute("type")).isEqualTo("application/json");
        return new JsonMapper().readTree(script.getTextContent());
    }

    /** Writes the pages where somebody can look at them, when the property names a folder. */
    private static void keep(String name, String html) throws IOException {
        String folder = System.getProperty("gbpf.pages");
        if (folder != null) {
            Files.writeString(Path.of(folder, name), html);
        }
    }

    @Test
    void run_isOneWellFormedFileWithoutTheNetwork() throws IOException {
        String html = HtmlReport.write(FakeRun.threeTenants(7, 10_000 * MS));
        keep("run.html", html);
        Document page = parse(html);
        assertThat(elements(page, "link")).isEmpty();
        assertThat(elements(page, "img")).isEmpty();
        assertThat(elements(page, "script"))
                .allSatisfy(s -> assertThat(s.hasAttribute("src")).isFalse());
        String withoutNamespaces =
                html.replace("http://www.w3.org/1999/xhtml", "").replace("http://www.w3.org/2000/svg", "");
        assertThat(withoutNamespaces)
                .doesNotContain("http:")
                .doesNotContain("https:")
                .doesNotContain("url(");
        assertThat(elements(page, "h2"))
                .extracting(Element::getTextContent)
                .contains(
                        "fifo → weighted_fair at 4.000 s",
                        "weighted_fair → strict_priority at 7.000 s",
                        "Who ran where, when",
                        "Activations",
                        "Scenario and policies");
        assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(400_000);
    }

    @Test
    void run_sameResult_givesTheSameBytes() {
        assertThat(HtmlReport.write(FakeRun.threeTenants(7, 500 * MS)))
                .isEqualTo(HtmlReport.write(FakeRun.threeTenants(7, 500 * MS)));
    }

    @Test
    void comparison_showsEachPolicyAndWhereTheyDiffer() throws IOException {
        String html = HtmlReport.write(
                List.of(under(Rule.FIFO, "chat"), under(Rule.WEIGHTED, "chat"), under(Rule.PRIORITY, "chat")));
        keep("comparison.html", html);
        Document page = parse(html);
        assertThat(elements(page, "th"))
                .extracting(Element::getTextContent)
                .contains("fifo", "weighted_fair", "strict_priority", "chat", "search", "training");
        assertThat(elements(page, "li").getFirst().getTextContent()).startsWith("chat: P99 is lowest under");
        assertThat(embedded(page).get("runs").size()).isEqualTo(3);
    }

    @Test
    void hostileNames_areShownAndNeverMarkup() throws IOException {
        String html = HtmlReport.write(swapped(HOSTILE));
        keep("hostile.html", html);
        assertThat(html).doesNotContain("</script><b>").doesNotContain("\u2028'");
        Document page = parse(html);
        assertThat(elements(page, "script")).hasSize(2);
        assertThat(elements(page, "b")).extracting(Element::getTextContent).contains(HOSTILE);
        assertThat(embedded(page)
                        .get("runs")
                        .get(0)
                        .get("tenants")
                        .get(0)
                        .get("name")
                        .asString())
                .isEqualTo(HOSTILE);
        parse(HtmlReport.write(List.of(under(Rule.FIFO, HOSTILE), under(Rule.WEIGHTED, HOSTILE))));
    }

    @Property(tries = 40)
    void anyName_thePageIsWellFormedAndItsDataReadable(@ForAll @StringLength(min = 1, max = 40) String name) {
        RunResult result = FakeRun.run(
                1, 20 * MS, 2, List.of(new Load(name, 1, 1, 900, MS, 0, 0)), List.of(new Change(0, Rule.FIFO)));
        Document page = parse(HtmlReport.write(result));
        assertThat(embedded(page).get("runs").get(0).get("duration").asLong()).isEqualTo(20 * MS);
    }

    @Test
    void manyTenantsAndSwaps_thePageStaysSmall() throws IOException {
        List<Load> loads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            loads.add(new Load("tenant number " + i, 1 + i, i, 60, 400_000, 2_000_000, 0));
        }
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 49; i++) {
            changes.add(new Change(i * 20L * MS, Rule.values()[i % 3]));
        }
        RunResult result = FakeRun.run(3, 1_000 * MS, 16, loads, changes);
        String html = HtmlReport.write(result);
        keep("many.html", html);
        assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(1_500_000);
        List<RunResult> sixteen = Collections.nCopies(16, result);
        assertThat(HtmlReport.write(sixteen).getBytes(StandardCharsets.UTF_8).length)
                .isLessThan(1_500_000);
    }

    @Test
    void markup_elementLeftOpen_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new Markup().open("p").toString())
                .withMessageContaining("[p]");
    }
}
