package dev.gbpf.lang.query;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec.NamedValue;

/** What a word of a policy stands for. */
public sealed interface Meaning {

    /** A name of the policy's own. */
    record Declared(Definition definition) implements Meaning {}

    /** A hook, where it is implemented or where a test asks it. */
    record HookName(Hook hook) implements Meaning {}

    /** A field of a hook's context. */
    record Field(Hook hook, ContextField field) implements Meaning {}

    /** A helper that is called. */
    record HelperName(Helper helper) implements Meaning {}

    /** A verdict of a hook. */
    record Verdict(Hook hook, NamedValue value) implements Meaning {}

    /** A constant of the interface. */
    record InterfaceConstant(NamedValue value) implements Meaning {}

    /** A word of the language. */
    record Keyword(String word) implements Meaning {}
}
