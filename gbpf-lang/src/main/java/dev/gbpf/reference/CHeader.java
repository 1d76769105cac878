package dev.gbpf.reference;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Helper.Argument;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.ReturnKind;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.abi.WellKnownMap;
import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code gbpf.h}: the interface as C sees it, for policies that clang compiles. Names that Linux has are called as in Linux;
 * gBPF's own begin with {@code gbpf_} or {@code GBPF_}.
 */
public final class CHeader {
    /** Its name in an {@code #include}. */
    public static final String FILE_NAME = "gbpf.h";

    /** Helpers below this number are Linux's. */
    private static final int FIRST_OWN_HELPER = 0x10000;

    private final CText out = new CText();

    private CHeader() {}

    /** The text, as this build defines it. */
    public static String render() {
        CHeader header = new CHeader();
        header.begin();
        header.macros();
        header.maps();
        header.verdicts();
        header.constants();
        header.contexts();
        header.wellKnownMaps();
        header.helpers();
        header.out.append("\n#endif\n");
        return header.out.toString();
    }

    /** The name of a verdict or constant in C. */
    public static String constantName(String name) {
        return "GBPF_" + name;
    }

    /** The name of a helper in C. */
    public static String helperName(Helper helper) {
        return (helper.id() < FIRST_OWN_HELPER ? "bpf_" : "gbpf_") + helper.symbol();
    }

    private void begin() {
        out.append("/*\n * gbpf.h: what a gBPF policy in C may ask and answer, interface version ");
        out.append(AbiVersion.CURRENT).append(".\n").append("""
                 *
                 * Generated from the schema of the interface (gbpf header prints it); do not edit.
                 * How to write a policy in C: docs/c-policies.md. Compile with
                 *     clang -target bpf -O2 -g -mcpu=v3 -c policy.c
                 */
                #ifndef GBPF_H
                #define GBPF_H

                """);
        out.append("#define GBPF_ABI_MAJOR ").append(AbiVersion.CURRENT.major()).append('\n');
        out.append("#define GBPF_ABI_MINOR ").append(AbiVersion.CURRENT.minor()).append('\n');
        out.append("""

                typedef unsigned char __u8;
                typedef unsigned short __u16;
                typedef unsigned int __u32;
                typedef unsigned long long __u64;
                typedef signed char __s8;
                typedef short __s16;
                typedef int __s32;
                typedef long long __s64;

                #ifndef NULL
                #define NULL ((void *)0)
                #endif
                """);
    }

    private void macros() {
        out.title("Macros");
        out.append("""
                #ifndef SEC
                #define SEC(name) __attribute__((section(name), used))
                #endif
                #ifndef __noinline
                #define __noinline __attribute__((noinline))
                #endif
                #ifndef __always_inline
                #define __always_inline inline __attribute__((always_inline))
                #endif

                /* The version of the interface that this object is compiled for; a plane that is older than it refuses it. */
                static const __u16 gbpf_abi[2] SEC("gbpf.abi") = {GBPF_ABI_MAJOR, GBPF_ABI_MINOR};

                /* The policy's name, once per policy: GBPF_POLICY("fair"). Maps and their contents belong to this name. */
                #define GBPF_POLICY(name) const char gbpf_policy_name[] SEC("gbpf.policy") = name

                /*
                 * The program of a hook: GBPF_HOOK(on_submit, ctx) { return GBPF_ENQUEUE; }
                 * defines a function of the hook's context that returns the verdict.
                 */
                #define GBPF_HOOK(hook, ctx) \\
                    SEC("gbpf/" #hook) __s64 gbpf_hook_##hook(__attribute__((unused)) GBPF_CTX_##hook *ctx)
                """);
    }

    private void maps() {
        out.title("Maps");
        out.comment(
                "",
                "A map is a variable in section .maps: struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32);"
                        + " __type(value, __u64); __uint(max_entries, 64); } used SEC(\".maps\");");
        out.append("""
                #ifndef __uint
                #define __uint(name, val) int (*name)[val]
                #endif
                #ifndef __type
                #define __type(name, val) __typeof__(val) *name
                #endif

                #ifndef _UAPI__LINUX_BPF_H__
                enum gbpf_map_type {
                """);
        for (MapKind kind : MapKind.values()) {
            out.append("    BPF_MAP_TYPE_").append(kind.name()).append(" = ").append(kind.number());
            out.append(",\n");
        }
        out.append("""
                };

                /* Flags of bpf_map_update_elem. */
                #define BPF_ANY 0
                #define BPF_NOEXIST 1
                #define BPF_EXIST 2
                #endif
                """);
        out.title("Errors: helpers return them negated");
        error("ENOENT", Errno.ENOENT, "no such key, queue or job");
        error("E2BIG", Errno.E2BIG, "the map is full, or the index is out of range");
        error("EAGAIN", Errno.EAGAIN, "a ring buffer has no room, or others change the same entry all the time");
        error("EEXIST", Errno.EEXIST, "it is there already");
        error("EINVAL", Errno.EINVAL, "an argument is out of its range");
        error("ENOSPC", Errno.ENOSPC, "no room for another");
        error("EOPNOTSUPP", Errno.EOPNOTSUPP, "the device has no such lever");
    }

    private void error(String name, long value, String meaning) {
        out.append("#ifndef ").append(name).append("\n#define ").append(name).append(' ');
        out.append(-value).append(" /* ").append(meaning).append(" */\n#endif\n");
    }

    private void verdicts() {
        out.title("Verdicts");
        Map<String, Long> seen = new HashMap<>();
        for (Hook hook : Hook.values()) {
            out.append(hook.ordinal() == 0 ? "" : "\n");
            out.comment("", hook.symbol() + ": left out, " + hook.verdict().defaultDoc() + ".");
            List<NamedValue> fresh = new ArrayList<>();
            for (NamedValue name : hook.verdict().names()) {
                Long known = seen.putIfAbsent(name.name(), name.value());
                if (known == null) {
                    fresh.add(name);
                } else if (known == name.value()) {
                    out.comment("", constantName(name.name()) + ", as above: " + name.doc());
                } else {
                    out.comment("", name.doc());
                    define(hook.symbol().toUpperCase(Locale.ROOT) + "_" + name.name(), name.value());
                }
            }
            if (!fresh.isEmpty()) {
                out.append("enum gbpf_").append(hook.symbol()).append("_verdict {\n");
                for (NamedValue name : fresh) {
                    out.comment("    ", name.doc());
                    out.append("    ").append(constantName(name.name())).append(" = ");
                    out.append(name.value()).append(",\n");
                }
                out.append("};\n");
            }
        }
    }

    private void constants() {
        out.title("Constants");
        for (NamedValue constant : Constants.all()) {
            out.comment("", constant.doc());
            define(constant.name(), constant.value());
        }
    }

    private void define(String name, long value) {
        out.append("#define ").append(constantName(name)).append(' ');
        out.append(value == -1 ? "(~0ULL)" : Long.toString(value)).append('\n');
    }

    private void contexts() {
        out.title("Contexts: load whole fields; store only those that are not const");
        for (Hook hook : Hook.values()) {
            out.comment("", hook.symbol() + ": " + hook.doc());
            struct(hook.context());
            out.append("#define GBPF_CTX_").append(hook.symbol()).append(" struct ");
            out.append(hook.context().name()).append("\n\n");
        }
    }

    private void wellKnownMaps() {
        out.title("Well-known maps: what is const in a value is the plane's to write");
        for (WellKnownMap map : WellKnownMap.values()) {
            out.comment(
                    "",
                    map.name() + ", of type BPF_MAP_TYPE_" + map.kind().name() + " with " + map.entries() + " entries: "
                            + map.doc());
            struct(map.value());
            out.append('\n');
        }
    }

    private void struct(ContextLayout layout) {
        out.append("struct ").append(layout.name()).append(" {\n");
        for (ContextField field : layout.fields()) {
            out.comment("    ", field.doc());
            out.append(field.writable() ? "    " : "    const ");
            out.append(field.width() == Width.W ? "__u32 " : "__u64 ").append(field.name());
            out.append(";\n");
        }
        out.append("};\n");
        for (ContextField field : layout.fields()) {
            out.append("_Static_assert(__builtin_offsetof(struct ").append(layout.name());
            out.append(", ").append(field.name()).append(") == ").append(field.offset());
            out.append(", \"").append(field.name()).append("\");\n");
        }
        out.append("_Static_assert(sizeof(struct ").append(layout.name()).append(") == ");
        out.append(layout.size()).append(", \"").append(layout.name()).append("\");\n");
    }

    private void helpers() {
        out.title("Helpers");
        for (Helper helper : Helper.values()) {
            List<Hook> hooks = Arrays.stream(Hook.values())
                    .filter(h -> h.helpers().contains(helper))
                    .toList();
            String where = hooks.size() == Hook.values().length
                    ? "All hooks."
                    : "Hooks: " + hooks.stream().map(Hook::symbol).collect(Collectors.joining(", ")) + ".";
            out.comment("", helper.doc() + " " + where);
            String result = resultType(helper);
            String parameters = helper.arguments().isEmpty()
                    ? "void"
                    : helper.arguments().stream().map(CHeader::parameter).collect(Collectors.joining(", "));
            out.append("__attribute__((unused)) static ").append(result).append("(*const ");
            out.append(helperName(helper)).append(")(").append(parameters).append(") = (void *)");
            out.append(
                    helper.id() < FIRST_OWN_HELPER
                            ? Integer.toString(helper.id())
                            : String.format(Locale.ROOT, "0x%x", helper.id()));
            out.append(";\n\n");
        }
        out.append("""
                /* bpf_printk("tenant %u has %llu ns", tenant, ns); up to three values. See bpf_trace_printk. */
                #ifndef bpf_printk
                #define bpf_printk(fmt, ...) \\
                    ({ \\
                        static const char gbpf_format[] = fmt; \\
                        gbpf_printk_padded(gbpf_format, sizeof(gbpf_format), ##__VA_ARGS__, 0, 0, 0); \\
                    })
                #define gbpf_printk_padded(fmt, size, a, b, c, ...) \\
                    bpf_trace_printk(fmt, size, (__u64)(a), (__u64)(b), (__u64)(c))
                #endif
                """);
    }

    /** Signed when it may be an error, as in the policy language; with the blank that follows. */
    private static String resultType(Helper helper) {
        if (helper.returnKind() != ReturnKind.SCALAR) {
            return "void *";
        }
        return helper.returnMin() < 0 && helper.returnMin() >= Errno.MIN ? "__s64 " : "__u64 ";
    }

    private static String parameter(Argument argument) {
        return type(argument.kind()) + argument.name();
    }

    private static String type(ArgumentKind kind) {
        return switch (kind) {
            case SCALAR, MEMORY_SIZE, RECORD_SIZE -> "__u64 ";
            case MAP, MAP_VALUE_OUT, RECORD -> "void *";
            case MAP_KEY, MAP_VALUE, MEMORY -> "const void *";
        };
    }
}
