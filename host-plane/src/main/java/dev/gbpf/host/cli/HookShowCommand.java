package dev.gbpf.host.cli;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.diagnostic.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf hook show}: one hook. */
@Command(
        name = "show",
        addMethodSubcommands = false,
        description = "Shows a hook: when it is asked, the fields of its context, its verdicts, its helpers.",
        footer = {"", "Example:", "  gbpf hook show on_submit"})
final class HookShowCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "HOOK", description = "The hook's name, as gbpf hook list has it.")
    String name = "";

    HookShowCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT);
    }

    @Override
    public Integer call() {
        Hook hook = Hook.byName(name)
                .orElseThrow(() -> new CliException(
                        ExitCode.INPUT,
                        "there is no hook " + name,
                        Suggestion.closest(
                                        name,
                                        Arrays.stream(Hook.values())
                                                .map(Hook::symbol)
                                                .toList())
                                .map(h -> "did you mean " + h + "?")
                                .orElse("gbpf hook list")));
        if (session.json()) {
            session.printJson(document(hook));
        } else {
            print(hook);
        }
        return ExitCode.OK.number();
    }

    private static ObjectNode document(Hook hook) {
        ObjectNode node = Session.object();
        node.put("hook", hook.symbol());
        node.put("id", hook.id());
        node.put("plane", hook.plane().word());
        node.put("budget", hook.budget());
        node.put("doc", hook.doc());
        ArrayNode context = node.putArray("context");
        for (ContextField field : hook.context().fields()) {
            context.addObject()
                    .put("name", field.name())
                    .put("offset", field.offset())
                    .put("writable", field.writable())
                    .put("doc", field.doc());
        }
        ArrayNode verdicts = node.putArray("verdicts");
        for (NamedValue verdict : hook.verdict().names()) {
            verdicts.addObject()
                    .put("name", verdict.name())
                    .put("value", verdict.value())
                    .put("doc", verdict.doc());
        }
        node.put("defaultVerdict", hook.verdict().defaultVerdict());
        ArrayNode helpers = node.putArray("helpers");
        hook.helpers().forEach(helper -> helpers.add(helper.symbol()));
        return node;
    }

    private void print(Hook hook) {
        session.out()
                .append(hook.symbol() + " (" + hook.plane().word() + "), at most " + Text.grouped(hook.budget())
                        + " instructions\n" + hook.doc() + "\n\n");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  field", "may", "what it is"));
        for (ContextField field : hook.context().fields()) {
            rows.add(List.of("  ctx." + field.name(), field.writable() ? "write" : "read", field.doc()));
        }
        rows.add(List.of("", "", ""));
        rows.add(List.of("  verdict", "value", "what it means"));
        for (NamedValue verdict : hook.verdict().names()) {
            rows.add(List.of("  " + verdict.name(), Long.toString(verdict.value()), verdict.doc()));
        }
        rows.add(List.of(
                "  without one",
                Long.toString(hook.verdict().defaultVerdict()),
                hook.verdict().defaultDoc()));
        session.out().append(Text.table(rows, false, false, false));
        List<String> helpers =
                hook.helpers().stream().map(Helper::symbol).sorted().toList();
        session.out().append("\n  helpers  " + String.join(", ", helpers) + "\n");
    }
}
