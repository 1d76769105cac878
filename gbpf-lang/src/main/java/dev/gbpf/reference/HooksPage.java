package dev.gbpf.reference;

import static dev.gbpf.reference.Markdown.bound;
import static dev.gbpf.reference.Markdown.code;
import static dev.gbpf.reference.Markdown.number;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.DeviceProfile;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.abi.WellKnownMap;
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
                        work that runs under it; the host plane keeps their programs for it. [What devices ask of programs](#device-rules) is below.

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
        deviceRules(page);
        wellKnownMaps(page);
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
        DeviceProfile device = hook.device();
        boolean perLane = device != null && device.perLane();
        List<String> columns = List.of("offset", "bytes", "field", "access", "range", "meaning");
        page.table(
                perLane ? with(columns, "lanes") : columns,
                hook.context().fields().stream()
                        .map(f -> perLane ? with(field(f), f.perLane() ? "own" : "same") : field(f))
                        .toList());
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
        if (device != null) {
            page.paragraph("On the device: " + onDevice(device) + ".");
        }
        page.paragraph("Helpers: "
                + hook.helpers().stream()
                        .map(h -> "[`" + h.symbol() + "`](helpers.md#" + h.symbol() + ")")
                        .collect(Collectors.joining(", "))
                + ".");
    }

    /** The row with a column before its last. */
    private static List<String> with(List<String> row, String column) {
        List<String> longer = new ArrayList<>(row);
        longer.add(row.size() - 1, column);
        return longer;
    }

    private static String onDevice(DeviceProfile device) {
        String lanes = device.perLane() ? "each lane of a warp runs it for itself" : "once for all lanes of a warp";
        String flow = !device.perLane()
                ? ""
                : device.uniformFlow() ? ", all on one way through the program" : ", and lanes may take different ways";
        String division = device.wideDivision() ? "" : "; 64-bit divisions of numbers that fit 32 bits only";
        return lanes + flow + division + "; at most " + number(device.stackBytes()) + " bytes of stack";
    }

    private static void deviceRules(Markdown page) {
        page.heading(2, "Device rules").paragraph("""
                        **Helpers** are those that need neither queues nor jobs of the host.

                        **Lanes.** At a tick a warp runs a program for up to 32 tenants of one vSlice (`therm_tick`: vSlices), one in each
                        lane, all at the same instruction: registers, stack and context are each lane's own, maps are common. A field that is
                        *own* may differ from lane to lane, one that is *same* does not. In `cta_admit` and `mem_event` there is one run for
                        all lanes.

                        **One way for all.** In `sm_tick` nothing that differs between lanes may decide a branch (V0090): fields of a
                        tenant; what is computed or loaded with them; random numbers; results of updates, deletions and atomic operations.
                        The verdict and the outputs may depend on them. `std::lanes` compares and chooses without branches. A warp
                        fetches and decodes an instruction once for all lanes that are at it: on an H200, 64 instructions in 32 lanes took
                        8.6 us on one way, 21.6 us on four and 37.2 us on 32. With 4,096 instructions that decides whether a tick
                        takes half a millisecond or more than two. The other ticks have an eighth of the budget; there lanes may part, and
                        the certificate lists where.

                        **Division.** `cta_admit` and `mem_event` are asked between two tasks, or while one waits. A 64-bit division takes 186 to
                        394 cycles there, a 32-bit one 68, a multiplication 30, and each counts as one instruction: both operands must be
                        known to fit 32 bits (V0091). `min(x, 0xffff_ffff)` and `x & 0xffff_ffff` do that, in C operands of type `__u32`;
                        powers of two are shifts anyway.

                        **Stack.** All frames that are live at once have 512 bytes together (V0092), not 512 each: in each of 32 lanes that
                        is 16 KiB for a warp, and eight frames would be 128 KiB of the 228 KiB of shared memory that an SM has.

                        The measurements are in [bench/device-rules.md](bench/device-rules.md), the decision in [ADR 0023](adr/0023-uniformity.md).
                        """);
    }

    private static void wellKnownMaps(Markdown page) {
        page.heading(2, "Well-known maps").paragraph("""
                        A map of one of these names has the kind, the number of entries and the layout of values below, or the verifier
                        refuses the policy (V0014). What the plane writes is up to date whenever a hook is asked that concerns it.
                        """);
        for (WellKnownMap map : WellKnownMap.values()) {
            page.heading(3, map.name()).paragraph(map.doc());
            page.paragraph("Of kind `" + map.kind().keyword() + "`, " + number(map.entries()) + " entries of "
                    + map.value().size() + " bytes; in C `struct " + map.value().name()
                    + "`, in the policy language `struct Name "
                    + map.declaration() + "`:");
            page.table(
                    List.of("offset", "bytes", "field", "written by", "range", "meaning"),
                    map.value().fields().stream().map(HooksPage::entryField).toList());
        }
    }

    private static List<String> entryField(ContextField field) {
        List<String> row = field(field);
        row.set(3, field.writable() ? "policy, user" : "plane");
        return row;
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
