package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.sim.TimeSlicedDevice.Place;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeSlicedDeviceTest {
    private static final int SMS = 100;
    private static final long SLICE = 2_000;
    private static final long SWITCH = 100;

    /** An end: which work, and when. */
    private record End(int context, int stream, long number, long atNs) {}

    private final List<End> ends = new ArrayList<>();
    private long smNs;
    private final TimeSlicedDevice device = device(0);

    private TimeSlicedDevice device(long lingerNs) {
        CopyEngineSpec engine = new CopyEngineSpec(1_000_000_000, 0);
        return new TimeSlicedDevice(
                new ContextSpec(SLICE, SWITCH, lingerNs, 0, 0, 10, 0, 0, 0, 0, engine, engine),
                SMS,
                (context, stream, number, ns, nowNs) -> {
                    smNs += ns;
                    ends.add(new End(context, stream, number, nowNs));
                });
    }

    private static void launch(TimeSlicedDevice on, int context, long number, long readyNs, long workNs) {
        on.launch(context, 0, number, readyNs, Place.SMS, workNs, SMS);
    }

    /** Up to a time, or until nothing happens any more; the time then. */
    private static long run(TimeSlicedDevice device, long untilNs) {
        long now = 0;
        for (long next = device.nextNs(); next <= untilNs; next = device.nextNs()) {
            now = next;
            device.advance(now);
        }
        return now;
    }

    @Test
    void contextAlone_runsItsWorkInOrder_withoutSwitches() {
        device.addContext();
        launch(device, 0, 1, 10, 5_000);
        launch(device, 0, 2, 0, 3_000);
        launch(device, 0, 3, 20_000, 1);
        run(device, Long.MAX_VALUE - 1);
        assertThat(ends).containsExactly(new End(0, 0, 1, 5_010), new End(0, 0, 2, 8_010), new End(0, 0, 3, 20_001));
    }

    @Test
    void twoContextsWithWork_haveTurnsOfATimeslice_andASwitchEach() {
        device.addContext();
        device.addContext();
        launch(device, 0, 1, 0, 3_000);
        launch(device, 1, 1, 0, 3_000);
        run(device, Long.MAX_VALUE - 1);
        // 0: 2000, switch, 1: 2000, switch, 0: 1000 and idle, switch, 1: 1000.
        assertThat(ends).containsExactly(new End(0, 0, 1, 5_200), new End(1, 0, 1, 6_300));
    }

    @Test
    void contextThatIsIdle_givesItsTurnUp_atOnce() {
        device.addContext();
        device.addContext();
        launch(device, 0, 1, 0, 500);
        launch(device, 1, 1, 0, 700);
        run(device, Long.MAX_VALUE - 1);
        assertThat(ends).containsExactly(new End(0, 0, 1, 500), new End(1, 0, 1, 1_300));
    }

    @Test
    void contextThatIsAlone_hasOneTimesliceAfterTheOther_andWhoComesWaitsForTheRest() {
        device.addContext();
        device.addContext();
        launch(device, 0, 1, 0, 100_000);
        launch(device, 1, 1, 9_500, 200);
        run(device, 11_000);
        assertThat(ends).containsExactly(new End(1, 0, 1, 10_300));
    }

    @Test
    void shortTimeslice_letsTheOtherInAfterOneSwitch_andALongOneKeepsIt() {
        device.addContext();
        device.addContext();
        device.timeslice(0, 1);
        device.timeslice(1, 1_000_000);
        launch(device, 0, 1, 0, 1_000_000);
        launch(device, 1, 1, 9_500, 10_000);
        launch(device, 1, 2, 19_700, 10_000);
        run(device, 40_000);
        // The second comes while the switch back is under way: it waits for that, for a timeslice, and for a switch.
        assertThat(ends).containsExactly(new End(1, 0, 1, 19_601), new End(1, 0, 2, 29_802));
        device.timeslice(1, 0);
        launch(device, 1, 3, 50_500, 3_000);
        run(device, 60_000);
        assertThat(ends.getLast().atNs()).isEqualTo(50_601 + 3_000 + 2 * SWITCH + 1);
    }

    @Test
    void contextThatLeaves_runsForTheFirstPartOfTheSwitch() {
        TimeSlicedDevice lingering = device(40);
        lingering.addContext();
        lingering.addContext();
        launch(lingering, 0, 1, 0, SLICE + 39);
        launch(lingering, 1, 1, 0, 100);
        run(lingering, Long.MAX_VALUE - 1);
        assertThat(ends).containsExactly(new End(0, 0, 1, SLICE + 39), new End(1, 0, 1, SLICE + SWITCH + 100));
    }

    @Test
    void streamsOfAContext_shareTheSms_whenTheyAreTooWide() {
        device.addContext();
        device.launch(0, 0, 1, 0, Place.SMS, 1_000, SMS);
        device.launch(0, 1, 1, 0, Place.SMS, 1_000, SMS);
        device.launch(0, 2, 1, 5_000, Place.SMS, 1_000, SMS / 2);
        device.launch(0, 3, 1, 5_000, Place.SMS, 500, SMS / 2);
        run(device, Long.MAX_VALUE - 1);
        assertThat(ends)
                .containsExactly(
                        new End(0, 0, 1, 2_000),
                        new End(0, 1, 1, 2_000),
                        new End(0, 3, 1, 5_500),
                        new End(0, 2, 1, 6_000));
    }

    @Test
    void contextThatIsStopped_runsToItsNextStopPoint_andLeavesTheDevice() {
        device.addContext();
        device.addContext();
        device.timeslice(0, 1_000_000);
        launch(device, 0, 1, 0, 1_000);
        device.launch(0, 0, 0, 0, Place.STOP_POINT, 0, 0);
        launch(device, 0, 2, 0, 1_000);
        device.launch(0, 0, 0, 0, Place.STOP_POINT, 0, 0);
        launch(device, 0, 3, 0, 1_000);
        run(device, 1_500);
        device.advance(1_500);
        device.stop(0, true);
        launch(device, 1, 1, 1_500, 300);
        launch(device, 1, 2, 2_700, 300);
        run(device, 4_000);
        device.advance(4_000);
        device.stop(0, false);
        run(device, Long.MAX_VALUE - 1);
        // What runs when it is stopped ends, the other's first waits for that and a switch, its second for nothing.
        assertThat(ends)
                .containsExactly(
                        new End(0, 0, 1, 1_000),
                        new End(0, 0, 2, 2_000),
                        new End(1, 0, 1, 2_400),
                        new End(1, 0, 2, 3_000),
                        new End(0, 0, 3, 5_100));
    }

    @Test
    void copies_takeTheirEngine_oneAfterTheOther_andNoTurn() {
        device.addContext();
        device.addContext();
        launch(device, 0, 1, 0, 10_000);
        device.launch(1, 0, 1, 0, Place.COPY_TO_DEVICE, 300, 1);
        device.launch(1, 1, 1, 0, Place.COPY_TO_DEVICE, 300, 1);
        device.launch(1, 2, 1, 0, Place.COPY_FROM_DEVICE, 300, 1);
        run(device, Long.MAX_VALUE - 1);
        assertThat(ends)
                .containsExactly(
                        new End(1, 0, 1, 300), new End(1, 2, 1, 300), new End(1, 1, 1, 600), new End(0, 0, 1, 10_000));
        assertThat(smNs).isEqualTo(10_000);
    }
}
