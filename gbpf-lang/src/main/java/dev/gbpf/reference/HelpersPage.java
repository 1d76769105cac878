package dev.gbpf.reference;

import static dev.gbpf.reference.Markdown.bound;
import static dev.gbpf.reference.Markdown.code;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Helper.Argument;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.ReturnKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code docs/helpers.md}: what programs can call. */
final class HelpersPage {
    private HelpersPage() {}

    static String render() {
        Markdown page = new Markdown().heading(1, "Helpers").paragraph("""
                        The functions that programs call by number, as of interface version %s. Numbers below 0x10000 are Linux's; gBPF's own
                        start there. Arguments go in `r1` to `r5`, the result comes in `r0`, and `r1` to `r5` are undefined afterwards. Helpers
                        never throw: an error is a negative number. Which hooks may call a helper is part of the interface.

                        This page is generated from `dev.gbpf.abi.Helper`.
                        """.formatted(AbiVersion.CURRENT));
        List<List<String>> summary = new ArrayList<>();
        for (Helper helper : Helper.values()) {
            summary.add(List.of(
                    id(helper),
                    "[`" + helper.symbol() + "`](#" + helper.symbol() + ")",
                    code(signature(helper)),
                    Helper.onDevice().contains(helper) ? "host, device" : "host"));
        }
        page.table(List.of("number", "helper", "signature", "planes"), summary);
        kinds(page);
        errors(page);
        for (Helper helper : Helper.values()) {
            helper(page, helper);
        }
        return page.text();
    }

    private static void kinds(Markdown page) {
        page.heading(2, "Kinds of arguments");
        page.table(
                List.of("kind", "what the verifier proves"),
                Arrays.stream(ArgumentKind.values())
                        .map(kind -> List.of(code(name(kind)), explain(kind)))
                        .toList());
    }

    private static void errors(Markdown page) {
        page.heading(2, "Errors").paragraph("The negated numbers of Linux; every error is at least " + Errno.MIN + ".");
        page.table(
                List.of("name", "value", "meaning"),
                List.of(
                        List.of(code("-ENOENT"), Long.toString(Errno.ENOENT), "no such key, queue or job"),
                        List.of(
                                code("-E2BIG"),
                                Long.toString(Errno.E2BIG),
                                "the map is full, or the index is out of range"),
                        List.of(
                                code("-EAGAIN"),
                                Long.toString(Errno.EAGAIN),
                                "a ring buffer has no room, or others change the same entry all the time"),
                        List.of(code("-EEXIST"), Long.toString(Errno.EEXIST), "it is there already"),
                        List.of(code("-EINVAL"), Long.toString(Errno.EINVAL), "an argument is out of its range"),
                        List.of(code("-ENOSPC"), Long.toString(Errno.ENOSPC), "no room for another"),
                        List.of(code("-EOPNOTSUPP"), Long.toString(Errno.EOPNOTSUPP), "the device has no such lever")));
    }

    private static void helper(Markdown page, Helper helper) {
        page.heading(2, helper.symbol());
        page.paragraph(code(signature(helper)) + ", number " + id(helper) + ".");
        page.paragraph(helper.doc());
        if (!helper.arguments().isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            for (int i = 0; i < helper.arguments().size(); i++) {
                Argument argument = helper.arguments().get(i);
                rows.add(List.of(code("r" + (i + 1)), code(argument.name()), name(argument.kind())));
            }
            page.table(List.of("register", "argument", "kind"), rows);
        }
        page.paragraph("Returns " + result(helper) + ". Hooks: " + hooks(helper) + ".");
    }

    private static String id(Helper helper) {
        return helper.id() < 0x10000 ? Integer.toString(helper.id()) : String.format(Locale.ROOT, "0x%x", helper.id());
    }

    private static String signature(Helper helper) {
        return helper.arguments().stream()
                .map(Argument::name)
                .collect(Collectors.joining(", ", helper.symbol() + "(", ")"));
    }

    private static String result(Helper helper) {
        if (helper.returnKind() == ReturnKind.MAP_VALUE_OR_NULL) {
            return "a pointer to the value, or null (0)";
        }
        if (helper.returnKind() == ReturnKind.RECORD_OR_NULL) {
            return "a pointer to the record, which every path must submit or discard, or null (0)";
        }
        return helper.returnMin() == helper.returnMax()
                ? bound(helper.returnMin())
                : bound(helper.returnMin()) + " to " + bound(helper.returnMax());
    }

    private static String hooks(Helper helper) {
        List<Hook> hooks = Arrays.stream(Hook.values())
                .filter(h -> h.helpers().contains(helper))
                .toList();
        return hooks.size() == Hook.values().length
                ? "all"
                : hooks.stream()
                        .map(h -> "[`" + h.symbol() + "`](hooks.md#" + h.symbol() + ")")
                        .collect(Collectors.joining(", "));
    }

    private static String name(ArgumentKind kind) {
        return switch (kind) {
            case SCALAR -> "scalar";
            case MAP -> "map";
            case MAP_KEY -> "map key";
            case MAP_VALUE -> "map value";
            case MEMORY -> "memory";
            case MEMORY_SIZE -> "memory size";
            case MAP_VALUE_OUT -> "map value out";
            case RECORD_SIZE -> "record size";
            case RECORD -> "record";
        };
    }

    private static String explain(ArgumentKind kind) {
        return switch (kind) {
            case SCALAR -> "an initialised number, never a pointer";
            case MAP -> "a map, loaded by its 64-bit immediate";
            case MAP_KEY -> "a pointer to as many readable, initialised bytes as the map's key has";
            case MAP_VALUE -> "a pointer to as many readable, initialised bytes as the map's value has";
            case MEMORY -> "a pointer to as many readable, initialised bytes as the argument after it says";
            case MEMORY_SIZE -> "a number that is known to be from 1 to " + ArgumentKind.MAX_MEMORY;
            case MAP_VALUE_OUT ->
                "a pointer to as many writable bytes as the map's value has; the call writes them all";
            case RECORD_SIZE -> "a constant from 1 to " + ArgumentKind.MAX_RECORD;
            case RECORD ->
                "a pointer to the start of a reserved record; afterwards no copy of it is left, and it need not be released";
        };
    }
}
