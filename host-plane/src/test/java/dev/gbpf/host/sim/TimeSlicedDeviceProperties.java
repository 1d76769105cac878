package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.sim.TimeSlicedDevice.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What holds of a device whose contexts take turns, whatever comes in: laws, not figures. */
class TimeSlicedDeviceProperties {
    private static final int SMS = 100;
    private static final int STREAMS = 3;

    /** A launch of a stream, whose number is its place among the stream's. */
    private record Launch(int context, int stream, long atNs, Place place, long workNs, int width) {}

    /** An end: of which launch, and when. */
    private record End(Launch launch, long atNs) {}

    private static ContextSpec spec(long sliceNs, long switchNs, long lingerNs) {
        CopyEngineSpec engine = new CopyEngineSpec(1_000_000_000, 0);
        return new ContextSpec(sliceNs, switchNs, lingerNs, 0, 0, 1_000, 0, 0, 0, 0, engine, engine);
    }

    private static ContextSpec spec(Random random) {
        long switchNs = random.nextInt(300);
        return spec(1 + random.nextInt(4_000), switchNs, switchNs == 0 ? 0 : random.nextLong(switchNs));
    }

    /** Launches in the order of time: bursts, pauses, copies, work of any width. */
    private static List<Launch> launches(Random random, int contexts) {
        List<Launch> launches = new ArrayList<>();
        long now = 0;
        for (int i = 1 + random.nextInt(80); i > 0; i--) {
            now += random.nextInt(3) == 0 ? 0 : random.nextInt(1 << random.nextInt(13));
            Place place = random.nextInt(8) == 0
                    ? random.nextBoolean() ? Place.COPY_TO_DEVICE : Place.COPY_FROM_DEVICE
                    : Place.SMS;
            launches.add(new Launch(
                    random.nextInt(contexts),
                    random.nextInt(STREAMS),
                    now,
                    place,
                    1 + random.nextInt(1 << random.nextInt(13)),
                    1 + random.nextInt(SMS)));
        }
        return launches;
    }

    private static int of(Launch launch) {
        return launch.context * STREAMS + launch.stream;
    }

    /** Plays launches up to their end. */
    private static List<End> play(ContextSpec spec, int contexts, List<Launch> launches, long... timeslices) {
        List<List<Launch>> streams = new ArrayList<>();
        for (int i = 0; i < contexts * STREAMS; i++) {
            streams.add(new ArrayList<>());
        }
        List<End> ends = new ArrayList<>();
        TimeSlicedDevice device = new TimeSlicedDevice(spec, SMS, (context, stream, number, smNs, nowNs) -> {
            Launch launch = streams.get(context * STREAMS + stream).get((int) number - 1);
            assertThat(smNs).isEqualTo(launch.place == Place.SMS ? launch.workNs : 0);
            ends.add(new End(launch, nowNs));
        });
        for (int i = 0; i < contexts; i++) {
            device.addContext();
            if (i < timeslices.length) {
                device.timeslice(i, timeslices[i]);
            }
        }
        for (Launch launch : launches) {
            advance(device, launch.atNs);
            List<Launch> stream = streams.get(of(launch));
            stream.add(launch);
            device.launch(
                    launch.context,
                    launch.stream,
                    stream.size(),
                    launch.atNs,
                    launch.place,
                    launch.workNs,
                    launch.width);
        }
        while (device.nextNs() < Long.MAX_VALUE) {
            device.advance(device.nextNs());
        }
        for (int i = 0; i < contexts; i++) {
            assertThat(device.pending(i)).isZero();
        }
        return ends;
    }

    private static void advance(TimeSlicedDevice device, long untilNs) {
        while (device.nextNs() <= untilNs) {
            device.advance(device.nextNs());
        }
        device.advance(untilNs);
    }

    private static List<Launch> shifted(List<Launch> launches, long ns) {
        return launches.stream()
                .map(l -> new Launch(l.context, l.stream, l.atNs + ns, l.place, l.workNs, l.width))
                .toList();
    }

    private static List<Launch> inOrder(List<End> ends, int stream) {
        return ends.stream().map(End::launch).filter(l -> of(l) == stream).toList();
    }

    @Property(tries = 300)
    void work_endsOnce_notBeforeItsOwnTime_afterWhatIsBeforeItInItsStream(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int contexts) {
        Random random = new Random(seed);
        ContextSpec spec = spec(random);
        List<Launch> launches = launches(random, contexts);
        List<End> ends = play(spec, contexts, launches);
        assertThat(ends).extracting(End::launch).containsExactlyInAnyOrderElementsOf(launches);
        long[] before = new long[contexts * STREAMS];
        for (End end : ends) {
            int stream = of(end.launch);
            long earliest = Math.max(end.launch.atNs, before[stream]) + end.launch.workNs;
            assertThat(end.atNs).isGreaterThanOrEqualTo(earliest);
            before[stream] = end.atNs;
        }
    }

    /** However long slices are: they say when work ends, not in which order a stream's does. */
    @Property(tries = 200)
    void timeslices_neverReorderAStream(
            @ForAll long seed,
            @ForAll @LongRange(min = 1, max = 100_000) long one,
            @ForAll @LongRange(min = 1, max = 100_000) long other) {
        Random random = new Random(seed);
        ContextSpec spec = spec(random);
        List<Launch> launches = launches(random, 2);
        List<End> ends = play(spec, 2, launches);
        List<End> others = play(spec, 2, launches, one, other);
        for (int stream = 0; stream < 2 * STREAMS; stream++) {
            assertThat(inOrder(others, stream)).isEqualTo(inOrder(ends, stream));
        }
    }

    /** A context alone is a device without turns, whatever its timeslice: each stream's launches follow each other, and wait for nothing else. */
    @Property(tries = 200)
    void contextAlone_losesNothing(@ForAll long seed, @ForAll @LongRange(min = 1, max = 10_000) long slice) {
        Random random = new Random(seed);
        List<Launch> launches = launches(random, 1).stream()
                .map(l -> new Launch(0, l.stream, l.atNs, Place.SMS, l.workNs, SMS / STREAMS))
                .toList();
        long[] before = new long[STREAMS];
        for (End end : play(spec(random), 1, launches, slice)) {
            before[end.launch.stream] = Math.max(before[end.launch.stream], end.launch.atNs) + end.launch.workNs;
            assertThat(end.atNs).isEqualTo(before[end.launch.stream]);
        }
    }

    /** Nothing is done twice, and the device does not rest while there is work: switches are all that is lost, one for each slice. */
    @Property(tries = 200)
    void workAtOnce_takesItsSum_andASwitchForEachSliceAtMost(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int contexts) {
        Random random = new Random(seed);
        ContextSpec spec = spec(random);
        List<Launch> launches = launches(random, contexts).stream()
                .map(l -> new Launch(l.context, 0, 0, Place.SMS, l.workNs, SMS))
                .toList();
        long[] sums = new long[contexts];
        launches.forEach(l -> sums[l.context] += l.workNs);
        long slices = Arrays.stream(sums)
                .map(sum -> (sum + spec.timesliceNs() - 1) / spec.timesliceNs())
                .sum();
        long sum = Arrays.stream(sums).sum();
        assertThat(play(spec, contexts, launches).getLast().atNs).isBetween(sum, sum + (slices - 1) * spec.switchNs());
    }

    /** Two that always have work have the device in the ratio of their timeslices, to a slice. */
    @Property(tries = 100)
    void contextsThatAlwaysHaveWork_shareByTheirTimeslices(
            @ForAll @LongRange(min = 100, max = 5_000) long one,
            @ForAll @LongRange(min = 100, max = 5_000) long other,
            @ForAll @LongRange(min = 0, max = 300) long switchNs) {
        long untilNs = 1_000_000;
        List<Launch> launches = new ArrayList<>();
        for (int context = 0; context < 2; context++) {
            for (int i = 0; i < 1_000; i++) {
                launches.add(new Launch(context, 0, 0, Place.SMS, 1_000, SMS));
            }
        }
        List<End> ends = play(spec(1, switchNs, 0), 2, launches, one, other).stream()
                .filter(e -> e.atNs <= untilNs)
                .toList();
        double round = one + other + 2.0 * switchNs;
        long[] slices = {one, other};
        for (int context = 0; context < 2; context++) {
            int of = context;
            long done =
                    1_000 * ends.stream().filter(e -> e.launch.context == of).count();
            double due = untilNs / round * slices[context];
            assertThat((double) done).isBetween(due - slices[context] - 1_000, due + slices[context] + 1_000);
        }
    }

    /** There is no time of day: what comes later by so much ends later by as much. */
    @Property(tries = 200)
    void launchesThatComeLater_endLaterByAsMuch(
            @ForAll long seed, @ForAll @LongRange(min = 0, max = 1_000_000_000) long shift) {
        Random random = new Random(seed);
        ContextSpec spec = spec(random);
        List<Launch> launches = launches(random, 3);
        List<Long> ends = play(spec, 3, launches).stream().map(End::atNs).toList();
        List<Long> later = play(spec, 3, shifted(launches, shift)).stream()
                .map(e -> e.atNs - shift)
                .toList();
        assertThat(later).isEqualTo(ends);
    }

    /** A stop lasts: a stopped context's streams end what runs, and nothing behind a stop point before the context goes on. */
    @Property(tries = 200)
    void stoppedContext_runsNothingBehindAStopPoint(@ForAll long seed) {
        Random random = new Random(seed);
        List<Long> ends = new ArrayList<>();
        TimeSlicedDevice device =
                new TimeSlicedDevice(spec(random), SMS, (context, stream, number, smNs, nowNs) -> ends.add(nowNs));
        device.addContext();
        int works = 1 + random.nextInt(20);
        long[] workNs = random.longs(works, 1, 1_000).toArray();
        for (int i = 0; i < works; i++) {
            device.launch(0, 0, 0, 0, Place.STOP_POINT, 0, 0);
            device.launch(0, 0, i + 1, 0, Place.SMS, workNs[i], SMS);
        }
        long stopNs = random.nextLong(Arrays.stream(workNs).sum());
        advance(device, stopNs);
        device.stop(0, true);
        long goNs = stopNs + 1_000 + random.nextInt(5_000);
        advance(device, goNs);
        assertThat(ends.stream().filter(end -> end > stopNs)).hasSizeLessThanOrEqualTo(1);
        device.stop(0, false);
        while (device.nextNs() < Long.MAX_VALUE) {
            device.advance(device.nextNs());
        }
        assertThat(ends).hasSize(works).isSortedAccordingTo(Comparator.naturalOrder());
    }
}
