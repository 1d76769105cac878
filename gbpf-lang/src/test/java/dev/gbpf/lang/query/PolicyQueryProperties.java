package dev.gbpf.lang.query;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.syntax.SourceTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every question has an answer, whatever the text. */
class PolicyQueryProperties {
    private static final List<String> OTHERS = List.of(
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "<",
            ">",
            ";",
            ",",
            ".",
            ":",
            "=",
            "ctx",
            "x",
            "on_submit",
            "used",
            "1",
            "\"t\"",
            "/*",
            "//",
            "\n",
            "\u00e9",
            "\ud83d\ude00",
            "..");

    @Property(tries = 100)
    void questions_aboutAnyText_areAnswered(@ForAll long seed, @ForAll @IntRange(max = 60) int length) {
        Random random = new Random(seed);
        List<String> words = new ArrayList<>(SourceTokens.keywords());
        words.addAll(OTHERS);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(words.get(random.nextInt(words.size()))).append(random.nextBoolean() ? " " : "");
        }
        PolicyQuery query = new PolicyQuery(new SourceFile("test.gbpf", text.toString()));
        assertThatCode(() -> {
                    query.outline();
                    for (int offset = -1; offset <= text.length() + 1; offset++) {
                        query.hover(offset);
                        query.definition(offset);
                        query.references(offset);
                        query.renamable(offset);
                        query.completions(offset);
                    }
                })
                .as("%s", text)
                .doesNotThrowAnyException();
    }
}
