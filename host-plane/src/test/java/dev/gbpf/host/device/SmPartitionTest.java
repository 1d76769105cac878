package dev.gbpf.host.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmPartitionTest {
    @ParameterizedTest
    @CsvSource({
        "96, 0-95",
        "1, 0-0",
        "0-95, 0-95",
        "96-131, 96-131",
        "007-9, 7-9",
        "65533-65533, 65533-65533",
        "65534, 0-65533"
    })
    void text_ofAPartition_isRead(String text, String expected) {
        SmPartition partition = SmPartition.parse(text).orElseThrow();
        assertThat(partition).hasToString(expected);
        assertThat(SmPartition.ofWord((int) SmPartition.word(partition.first(), partition.count())))
                .contains(partition);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "0", "-", "-1", "1-", "9-3", "1-2-3", "a", "0x10", "1 - 2", "65535", "0-65534", "999999", "+1", "١"
            })
    void text_ofNone_isNone(String text) {
        assertThat(SmPartition.parse(text)).isEmpty();
    }

    @Test
    void word_ofNoSms_isNone_andOfImpossibleOnesNoWord() {
        assertThat(SmPartition.word(5, 0)).isEqualTo(SmPartition.NONE);
        assertThat(SmPartition.word(96, 36)).isEqualTo(96 << 16 | 36);
        assertThat(SmPartition.word(-1, 8)).isNegative();
        assertThat(SmPartition.word(0, -1)).isNegative();
        assertThat(SmPartition.word(Long.MAX_VALUE, Long.MAX_VALUE)).isNegative();
        assertThat(SmPartition.word(65_000, 65_000)).isNegative();
        assertThat(SmPartition.ofWord(0x7000_0000)).isEmpty();
        assertThat(SmPartition.ofWord(-1)).as("what a process writes").isEmpty();
    }

    @Test
    void partition_ofNothing_cannotBe() {
        assertThatThrownBy(() -> new SmPartition(0, 0)).hasMessage("first=0 count=0");
    }
}
