package dev.gbpf.host.failsafe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.queue.Roster;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final Watchdog.Limits LIMITS = new Watchdog.Limits(10, 100, 200);

    private final Arena arena = Arena.ofShared();
    private final Observation observation = new Observation(arena, 1);
    private final List<String> alarms = new ArrayList<>();
    private final Watchdog.Alarm alarm = new Watchdog.Alarm() {
        @Override
        public void hung(Hook hook, long forNs) {
            alarms.add("hung in " + hook.symbol() + " for " + forNs);
        }

        @Override
        public void late(long forNs) {
            alarms.add("late for " + forNs);
        }

        @Override
        public void recovered() {
            alarms.add("recovered");
        }
    };
    private final Watchdog watchdog = new Watchdog(observation.heartbeat(), LIMITS, () -> 0, alarm);

    @AfterEach
    void close() {
        arena.close();
    }

    private void look(long fromNs, long toNs) {
        for (long at = fromNs; at <= toNs; at += 10) {
            watchdog.look(at);
        }
    }

    @Test
    void hookThatDoesNotComeBack_isToldOnce_andItsReturnToo() {
        watchdog.begin(0);
        long began = observation.begin(Hook.ON_DISPATCH);
        look(10, 500);
        assertThat(alarms).containsExactly("hung in on_dispatch for 110");
        observation.decided(began, Hook.ON_DISPATCH, 0, null, 0, 0);
        look(510, 600);
        assertThat(alarms).containsExactly("hung in on_dispatch for 110", "recovered");
    }

    @Test
    void ticksThatDoNotCome_areToldOnce() {
        watchdog.begin(0);
        look(10, 150);
        observation.ticked();
        look(160, 500);
        assertThat(alarms).containsExactly("late for 210");
    }

    @Test
    void everythingStoppedTogether_isNobodysFault() {
        watchdog.begin(0);
        observation.begin(Hook.ON_SUBMIT);
        for (long at = 10; at < 100_000; at += 1_000) {
            watchdog.look(at);
            watchdog.look(at + 10);
        }
        assertThat(alarms).hasSize(1).allMatch(text -> text.startsWith("hung in on_submit"));
    }

    @Test
    void start_looksFromAThreadOfItsOwn_andAccuses() throws InterruptedException {
        Failsafe failsafe = new Failsafe(FailsafeConfig.DEFAULTS, Roster.growing(List.of()), 0);
        CountDownLatch told = new CountDownLatch(1);
        Watchdog.Alarm latch = new Watchdog.Alarm() {
            @Override
            public void hung(Hook hook, long forNs) {
                told.countDown();
            }

            @Override
            public void late(long forNs) {}

            @Override
            public void recovered() {}
        };
        observation.begin(Hook.ON_RETIRE);
        try (Watchdog live = new Watchdog(
                observation.heartbeat(),
                new Watchdog.Limits(1_000_000, 5_000_000, 5_000_000),
                System::nanoTime,
                Watchdog.accusing(failsafe, latch))) {
            live.start();
            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
        }
        TickSight sight = new TickSight(0, 0, true, false, 0, 0, 0, 0, 0, 0);
        Trip trip = failsafe.judge(sight, true);
        assertThat(trip).isNotNull();
        assertThat(trip.kind()).isEqualTo(Trip.Kind.HUNG);
        assertThat(trip.reason()).startsWith("the plane's thread did not come back from on_retire for ");
    }
}
