package dev.gbpf.reference;

import static dev.gbpf.reference.Markdown.bound;
import static dev.gbpf.reference.Markdown.code;
import static dev.gbpf.reference.Markdown.number;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** {@code docs/hooks.md}: what a policy can be asked, what it sees then, and what it may answer. */
final class HooksPage {
    private HooksPage() {}

    static String render() {
        Markdown page = new Markdown().heading(1, "Hooks").paragraph("""
                        The points where the plane asks a policy, as of interface version %s. A policy implements any of them; what it leaves
                        out has the default. `r1` points to the context when a program starts; a program may load exactly a field, and store
                        exactly a writable field. All fields are little-endian and unsigned. It returns its verdict in `r0`. The verifier
                        proves that verdicts are in range and that the worst case fits the budget, in instructions.

                        The host plane runs host hooks. Device hooks, from `sm_tick` on, are for the control kernel of a device plane and act on
                        work that runs under it; the host plane keeps their programs for it. They run once for a tenant, a worker or an event,
                        with the same values in all lanes of a warp.

                        This page is generated from `dev.gbpf.abi.Hook` and `dev.gbpf.abi.Constants`.
                        """.formatted(AbiVersion.CURRENT));
        List<List<String>> summary = new ArrayList<>();
        for (Hook hook : Hook.values()) {
            summary.add(List.of(
                    Integer.toString(hook.id()),
                    "[`" + hook.symbol() + "`](#" + hook.symbol() + ")",
                    hook.plane().word(),
                    verdicts(hook.verdict()),
                    hook.verdict().defaultDoc(),
                    number(hook.budget())));
        }
        page.table(List.of("id", "hook", "plane", "verdicts", "left out", "budget"), summary);
        for (Hook hook : Hook.values()) {
            hook(page, hook);
        }
        page.heading(2, "Constants").paragraph("Names that every hook may use, besides its own verdicts.");
        page.table(
                List.of("name", "value", "meaning"),
                Constants.all().stream().map(HooksPage::namedValue).toList());
        return page.text();
    }

    private static void hook(Markdown page, Hook hook) {
        page.heading(2, hook.symbol()).paragraph(hook.doc());
        page.paragraph("Context `struct " + hook.context().name() + "`, "
                + hook.context().size() + " bytes:");
        page.table(
                List.of("offset", "bytes", "field", "access", "range", "meaning"),
                hook.context().fields().stream().map(HooksPage::field).toList());
        VerdictSpec verdict = hook.verdict();
        page.paragraph(
                verdict.min() == verdict.max()
                        ? "Verdict, always " + bound(verdict.min()) + ":"
                        : "Verdicts, " + bound(verdict.min()) + " to " + bound(verdict.max()) + ":");
        page.table(
                List.of("name", "value", "meaning"),
                verdict.names().stream().map(HooksPage::namedValue).toList());
        page.paragraph("Left out: " + verdict.defaultDoc() + ". Falling off the end returns " + verdict.defaultVerdict()
                + ". Budget: " + number(hook.budget()) + " instructions.");
        page.paragraph("Helpers: "
                + hook.helpers().stream()
                        .map(h -> "[`" + h.symbol() + "`](helpers.md#" + h.symbol() + ")")
                        .collect(Collectors.joining(", "))
                + ".");
    }

    private static List<String> field(ContextField field) {
        return Arrays.asList(
                Integer.toString(field.offset()),
                Integer.toString(field.width().bytes()),
                code(field.name()),
                field.writable() ? "read, write" : "read",
                field.bounded() ? bound(field.min()) + " to " + bound(field.max()) : "any",
                field.doc());
    }

    private static List<String> namedValue(NamedValue value) {
        return List.of(code(value.name()), bound(value.value()), value.doc());
    }

    private static String verdicts(VerdictSpec verdict) {
        String names = verdict.names().stream().map(n -> code(n.name())).collect(Collectors.joining(", "));
        boolean allNamed = verdict.max() - verdict.min() + 1 == verdict.names().size();
        return allNamed ? names : names + ", or up to " + bound(verdict.max());
    }
}
