package dev.gbpf.abi;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.VerdictSpec.NamedValue;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HookTest {
    @Test
    void numbersAndNames_ofHooks_areDistinct() {
        assertThat(Arrays.stream(Hook.values()).map(Hook::id)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(Hook.values()).map(Hook::symbol)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(Hook.values()).map(h -> h.context().name())).doesNotHaveDuplicates();
    }

    @Test
    void sameVerdictName_inTwoHooks_hasTheSameValue() {
        Map<String, Set<Long>> values = Stream.of(Hook.values())
                .flatMap(h -> h.verdict().names().stream())
                .collect(groupingBy(NamedValue::name, mapping(NamedValue::value, toSet())));
        values.forEach((name, distinct) -> assertThat(distinct).as(name).hasSize(1));
        assertThat(Constants.all()).extracting(NamedValue::name).doesNotContainAnyElementsOf(values.keySet());
    }

    @ParameterizedTest
    @EnumSource
    void plane_followsFromTheNumber(Hook hook) {
        assertThat(hook.plane()).isEqualTo(hook.id() >= 64 ? Plane.DEVICE : Plane.HOST);
        assertThat(hook.symbol().startsWith("on_") || hook == Hook.INIT || hook == Hook.EXIT || hook == Hook.MIGRATE)
                .isEqualTo(hook.plane() == Plane.HOST);
    }

    @ParameterizedTest
    @EnumSource
    void deviceHook_hasASmallBudgetAndHelpersOfTheDevice(Hook hook) {
        if (hook.plane() == Plane.DEVICE) {
            assertThat(hook.budget()).isEqualTo(hook == Hook.SM_TICK ? 4_096 : 512);
            assertThat(Helper.onDevice()).containsAll(hook.helpers());
        } else {
            assertThat(hook.budget()).isGreaterThanOrEqualTo(16_384);
        }
    }

    @ParameterizedTest
    @EnumSource
    void context_isAlignedAndWithoutOverlap(Hook hook) {
        int end = 0;
        for (ContextField field : hook.context().fields()) {
            assertThat(field.offset() % field.width().bytes()).as(field.name()).isZero();
            assertThat(field.offset()).as(field.name()).isGreaterThanOrEqualTo(end);
            assertThat(Long.compareUnsigned(field.min(), field.max()))
                    .as(field.name())
                    .isNotPositive();
            end = field.offset() + field.width().bytes();
        }
        assertThat(hook.context().size()).isGreaterThanOrEqualTo(end).isLessThan(end + 8);
    }
}
