package dev.gbpf.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The steps of a page of documentation: fenced blocks of a language with a file name ({@code ```gbpf first.gbpf}) are files to
 * write, blocks of {@code sh} are commands to run. {@code sh exit=N} says that the last command ends with exit code N, and
 * {@code sh skip} that a test should not run the block.
 */
final class Walkthrough {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```([^\\n`]*)\\n(.*?)^```\\s*$");

    /** One block of the page. */
    sealed interface Step {
        /** Writes {@code text} to the file {@code name}. */
        record File(String name, String text) implements Step {}

        /** Runs the lines of {@code script} in a shell, which ends with {@code exitCode}. */
        record Commands(String script, int exitCode) implements Step {}
    }

    private Walkthrough() {}

    /** The steps of a page, in order. */
    static List<Step> of(String markdown) {
        List<Step> steps = new ArrayList<>();
        Matcher matcher = FENCE.matcher(markdown);
        while (matcher.find()) {
            List<String> info = List.of(matcher.group(1).strip().split("\\s+"));
            String body = matcher.group(2);
            if (info.getFirst().equals("sh")) {
                if (!info.contains("skip")) {
                    steps.add(new Step.Commands(body, exitCode(info)));
                }
            } else if (info.size() == 2) {
                steps.add(new Step.File(info.get(1), body));
            }
        }
        return steps;
    }

    private static int exitCode(List<String> info) {
        return info.stream()
                .filter(word -> word.startsWith("exit="))
                .mapToInt(word -> Integer.parseInt(word.substring("exit=".length())))
                .findFirst()
                .orElse(0);
    }
}
