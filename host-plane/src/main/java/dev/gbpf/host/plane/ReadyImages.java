package dev.gbpf.host.plane;

import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.swap.SwapStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Images that have left and can decide again at once, with the maps that they had: the newest are kept. */
final class ReadyImages {
    /** How many are kept. */
    static final int CAPACITY = 8;

    private final Deque<Ready> images = new ArrayDeque<>();
    private List<SwapStatus.ReadyImage> shown = List.of();

    private final Executor reclaimer;

    /**
     * None yet.
     *
     * @param reclaimer frees those that will not come back
     */
    ReadyImages(Executor reclaimer) {
        this.reclaimer = reclaimer;
    }

    private record Ready(PolicyImage image, SwapStatus.ReadyImage shown) {}

    /** An image has left; the oldest one gives way when there are too many. */
    void add(PolicyImage image, long nowNs) {
        images.addFirst(new Ready(image, new SwapStatus.ReadyImage(image.name(), image.tag(), nowNs)));
        if (images.size() > CAPACITY) {
            reclaimer.execute(images.removeLast().image()::left);
        }
        changed();
    }

    private void changed() {
        SwapStatus.ReadyImage[] list = new SwapStatus.ReadyImage[images.size()];
        int n = 0;
        for (Ready ready : images) {
            list[n++] = ready.shown();
        }
        shown = List.of(list);
    }

    /** The image that left last, or null. */
    @Nullable
    PolicyImage newest() {
        Ready newest = images.peekFirst();
        return newest == null ? null : newest.image();
    }

    /** The image that left last decides again. */
    void removeNewest() {
        images.removeFirst();
        changed();
    }

    /** The same for people. */
    List<SwapStatus.ReadyImage> list() {
        return shown;
    }

    /** None comes back any more. */
    void close() {
        images.forEach(r -> r.image().left());
        images.clear();
        shown = List.of();
    }
}
