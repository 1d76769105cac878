package dev.gbpf.policies;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.List;

/**
 * Sizes of the library's programs beside those of their twins in C, in 64-bit slots.
 *
 * @param programs one for each hook of each policy
 */
record CodeSizes(List<Size> programs) {
    /** Sizes of one program. */
    record Size(String policy, Hook hook, int ours, int clang) {}

    /** Prints the table of {@code docs/bench/code-size.md}. */
    public static void main(String[] arguments) {
        System.out.println(ofLibrary());
    }

    static CodeSizes ofLibrary() {
        return new CodeSizes(PolicyLibrary.ofClassPath().names().stream()
                .flatMap(name -> sizes(name).stream())
                .toList());
    }

    private static List<Size> sizes(String name) {
        PolicyObject policy = ((CompileResult.Compiled) PolicyCompiler.compile(Library.source(name))).object();
        PolicyObject twin = CTwin.compile(name);
        return policy.programs().stream()
                .map(program -> new Size(
                        name,
                        program.hook(),
                        slots(program),
                        slots(twin.program(program.hook()).orElseThrow())))
                .toList();
    }

    private static int slots(ProgramObject program) {
        return program.program().slots();
    }

    /** The programs of one policy. */
    CodeSizes of(String policy) {
        return new CodeSizes(
                programs.stream().filter(size -> size.policy().equals(policy)).toList());
    }

    int ours() {
        return programs.stream().mapToInt(Size::ours).sum();
    }

    int clang() {
        return programs.stream().mapToInt(Size::clang).sum();
    }

    /** A Markdown table, with the total. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder("| policy | hook | gbpf | clang |\n|---|---|---:|---:|\n");
        for (Size size : programs) {
            table.append("| %s | %s | %d | %d |\n"
                    .formatted(size.policy(), size.hook().symbol(), size.ours(), size.clang()));
        }
        return table.append("| total | | %d | %d |".formatted(ours(), clang())).toString();
    }
}
