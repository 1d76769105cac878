package dev.gbpf.verifier.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * What a program may have acquired and not yet released: at most one for each site, in order of sites. Immutable.
 *
 * <p>A pointer to a {@link Region.ReservedRecord} that is not null always points to one that is held. What is held in one of two states
 * that meet may be held afterwards. A reference and its pointers begin with one identity, which says that nothing is held
 * where they are null; it is joined and compared as those of the pointers are.
 *
 * @param held what may be held
 */
record References(List<Reference> held) {
    static final References NONE = new References(List.of());

    /** Nulls have this identity in joins and inclusions. */
    private static final int NULL_IDENTITY = -1;

    /**
     * One reference.
     *
     * @param site the instruction that acquired it
     * @param identity of its pointers while they may be null, or 0 when that is lost
     */
    record Reference(int site, int identity) {}

    boolean isEmpty() {
        return held.isEmpty();
    }

    boolean contains(int site) {
        return held.stream().anyMatch(r -> r.site() == site);
    }

    References with(int site, int identity) {
        List<Reference> more = new ArrayList<>();
        for (Reference r : held) {
            if (r.site() < site) {
                more.add(r);
            }
        }
        more.add(new Reference(site, identity));
        for (Reference r : held) {
            if (r.site() > site) {
                more.add(r);
            }
        }
        return new References(List.copyOf(more));
    }

    References without(int site) {
        return new References(held.stream().filter(r -> r.site() != site).toList());
    }

    /** What is held where the pointers of an identity are null. */
    References whereNull(int identity) {
        return isEmpty() || identity == 0
                ? this
                : new References(
                        held.stream().filter(r -> r.identity() != identity).toList());
    }

    /** The same without identities. */
    References forgetting() {
        return isEmpty()
                ? this
                : new References(
                        held.stream().map(r -> new Reference(r.site(), 0)).toList());
    }

    private int identity(int site) {
        return held.stream()
                .filter(r -> r.site() == site)
                .mapToInt(Reference::identity)
                .findFirst()
                .orElse(NULL_IDENTITY);
    }

    boolean includes(References smaller, RelationInclusion relations) {
        if (isEmpty() || smaller.isEmpty()) {
            return smaller.isEmpty();
        }
        return smaller.held.stream().allMatch(r -> contains(r.site()))
                && held.stream().allMatch(r -> relations.identity(r.identity(), smaller.identity(r.site())));
    }

    References join(References other, RelationJoin relations) {
        if (isEmpty() && other.isEmpty()) {
            return NONE;
        }
        References union = NONE;
        for (Reference r : held) {
            union = union.with(r.site(), relations.identity(r.identity(), other.identity(r.site())));
        }
        for (Reference r : other.held) {
            if (!contains(r.site())) {
                union = union.with(r.site(), relations.identity(NULL_IDENTITY, r.identity()));
            }
        }
        return union;
    }

    /** Whether the same sites are held. */
    boolean sameSites(References other) {
        return held.stream()
                .map(Reference::site)
                .toList()
                .equals(other.held.stream().map(Reference::site).toList());
    }
}
