package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.swap.Guard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTextTest {
    @Test
    void guards_haveNamesAndLimits() throws Exception {
        assertThat(GuardText.parse("wait_p99=20ms")).isEqualTo(new Guard.WaitP99(20_000_000));
        assertThat(GuardText.parse("wait_p99=1.5us")).isEqualTo(new Guard.WaitP99(1_500));
        assertThat(GuardText.parse("wait_p99_ratio=150%")).isEqualTo(new Guard.WaitP99Ratio(150));
        assertThat(GuardText.parse("rejected=0.5%")).isEqualTo(new Guard.RejectionRate(5));
        assertThat(GuardText.parse("errors=0")).isEqualTo(new Guard.PolicyErrors(0));
        assertThat(GuardText.parse("decision=5us")).isEqualTo(new Guard.DecisionTime(5_000));
        assertThat(GuardText.parse("instructions=1000")).isEqualTo(new Guard.Instructions(1000));
        assertThat(GuardText.parse("agreement=0.95")).isEqualTo(new Guard.Agreement(950));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wait_p99",
                "wait_p99=",
                "wait_p99=20",
                "wait_p99=20%",
                "wait_p98=20ms",
                "errors=5%",
                "errors=1.5",
                "errors=-1",
                "decision=0.5ns",
                "agreement=999999999999%",
                "agreement=0.9555",
                "rejected=5ms"
            })
    void otherTexts_areRefused(String text) {
        assertThatThrownBy(() -> GuardText.parse(text)).isInstanceOf(RequestException.class);
    }
}
