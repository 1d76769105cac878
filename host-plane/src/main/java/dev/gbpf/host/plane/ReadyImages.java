package dev.gbpf.host.plane;

import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.swap.SwapStatus.ReadyImage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Images that have left and can decide again at once, with the maps that they had: the newest are kept. */
final class ReadyImages {
    /** How many are kept. */
    static final int CAPACITY = 8;

    /*
     * The newest first. A swap shifts references and looks at none of the images: each would be a cache miss.
     */
    private final @Nullable PolicyImage[] images = new PolicyImage[CAPACITY];
    private final @Nullable ReadyImage[] shown = new ReadyImage[CAPACITY];
    private final Executor reclaimer;
    private int count;
    private List<ReadyImage> list = List.of();

    /**
     * None yet.
     *
     * @param reclaimer frees those that will not come back
     */
    ReadyImages(Executor reclaimer) {
        this.reclaimer = reclaimer;
    }

    /** An image has left; the oldest one gives way when there are too many. */
    void add(PolicyImage image, long nowNs) {
        PolicyImage oldest = images[CAPACITY - 1];
        if (oldest != null) {
            reclaimer.execute(oldest::left);
        }
        System.arraycopy(images, 0, images, 1, CAPACITY - 1);
        System.arraycopy(shown, 0, shown, 1, CAPACITY - 1);
        images[0] = image;
        shown[0] = new ReadyImage(image.name(), image.tag(), nowNs);
        count = Math.min(count + 1, CAPACITY);
        changed();
    }

    private void changed() {
        list = List.of(Arrays.copyOf(shown, count));
    }

    /** The image that left last, or null. */
    @Nullable
    PolicyImage newest() {
        return images[0];
    }

    /** The image that left last decides again. */
    void removeNewest() {
        System.arraycopy(images, 1, images, 0, CAPACITY - 1);
        System.arraycopy(shown, 1, shown, 0, CAPACITY - 1);
        images[CAPACITY - 1] = null;
        shown[CAPACITY - 1] = null;
        count--;
        changed();
    }

    /** The same for people; the list never changes. */
    List<ReadyImage> list() {
        return list;
    }

    /** None comes back any more. */
    void close() {
        for (PolicyImage image : images) {
            if (image != null) {
                image.left();
            }
        }
        Arrays.fill(images, null);
        Arrays.fill(shown, null);
        count = 0;
        changed();
    }
}
