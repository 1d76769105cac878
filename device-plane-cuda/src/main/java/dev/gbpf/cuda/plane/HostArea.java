package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.abi.Constants;
import dev.gbpf.cuda.layout.CompletionLayout;
import dev.gbpf.cuda.layout.CompletionRingLayout;
import dev.gbpf.cuda.layout.HostControlLayout;
import dev.gbpf.cuda.layout.HostRingLayout;
import dev.gbpf.cuda.layout.HostStatusLayout;
import dev.gbpf.cuda.layout.Limits;
import dev.gbpf.cuda.layout.MailboxLayout;
import dev.gbpf.cuda.layout.ParamsLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The host's side of a plane, in one piece of memory: parameters, control words, status, mailboxes, rings with their slots, completion
 * rings with their records. Parts begin at multiples of 256 bytes.
 */
final class HostArea {
    private static final int ALIGNMENT = 256;

    private final PlaneParams params;
    private final long control;
    private final long status;
    private final long mailboxes;
    private final long rings;
    private final List<Long> slots = new ArrayList<>();
    private final long completions;
    private final List<Long> records = new ArrayList<>();
    private final long struct;
    private long end;
    private final HostMemory memory;

    private HostArea(PlaneParams params, Backend backend) {
        this.params = params;
        this.struct = part(ParamsLayout.BYTES);
        this.control = part(HostControlLayout.BYTES);
        this.status = part(HostStatusLayout.BYTES);
        this.mailboxes = part(params.mailboxes() * MailboxLayout.BYTES);
        this.rings = part(params.rings().size() * HostRingLayout.BYTES);
        params.rings().forEach(ring -> slots.add(part(ring.bytes())));
        this.completions = part(params.tenants() * CompletionRingLayout.BYTES);
        for (int tenant = 0; tenant < params.tenants(); tenant++) {
            records.add(part(params.completionCapacity() * CompletionLayout.BYTES));
        }
        if (end > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("rings and completion records take " + end
                    + " bytes: there can be 2 GiB of them; use smaller rings, or fewer completion records");
        }
        this.memory = backend.hostMemory(end);
        fill(backend);
    }

    /** Memory for a plane, filled in: nothing waits, nobody stops, and all tenants are equal. */
    static HostArea allocate(PlaneParams params, Backend backend) {
        return new HostArea(params, backend);
    }

    private long part(long bytes) {
        long at = end;
        end = (end + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return at;
    }

    private long device(long offset) {
        return memory.deviceAddress() + offset;
    }

    private void fill(Backend backend) {
        for (int i = 0; i < params.rings().size(); i++) {
            RingSpec spec = params.rings().get(i);
            MemorySegment ring = ring(i);
            ring.set(JAVA_LONG, HostRingLayout.SLOTS_ADDRESS, device(slots.get(i)));
            ring.set(JAVA_INT, HostRingLayout.CAPACITY, spec.capacity());
            ring.set(JAVA_INT, HostRingLayout.TASK_BYTES, (int) spec.form().bytes());
            ring.set(JAVA_INT, HostRingLayout.TENANT, spec.tenant());
        }
        for (int tenant = 0; tenant < params.tenants(); tenant++) {
            MemorySegment ring = completionRing(tenant);
            ring.set(JAVA_LONG, CompletionRingLayout.RECORDS_ADDRESS, device(records.get(tenant)));
            ring.set(JAVA_INT, CompletionRingLayout.CAPACITY, params.completionCapacity());
        }
        HostControl hostControl = new HostControl(control());
        for (int tenant = 0; tenant < Constants.MAX_TENANTS; tenant++) {
            hostControl.configure(tenant, TenantConfig.usual());
        }
        fillParams(backend);
    }

    private void fillParams(Backend backend) {
        MemorySegment to = params();
        to.set(JAVA_INT, ParamsLayout.VERSION, Limits.LAYOUT_VERSION);
        to.set(JAVA_INT, ParamsLayout.WORKERS, params.workers());
        to.set(JAVA_INT, ParamsLayout.WARPS, params.warps());
        to.set(JAVA_INT, ParamsLayout.TENANTS, params.tenants());
        to.set(JAVA_INT, ParamsLayout.VSLICES, params.vsliceEnds().size());
        to.set(JAVA_INT, ParamsLayout.RING_CAPACITY, params.ringCapacity());
        to.set(JAVA_INT, ParamsLayout.LOCAL_CAPACITY, params.localCapacity());
        to.set(JAVA_INT, ParamsLayout.DEPENDENCIES, params.dependencies());
        to.set(JAVA_INT, ParamsLayout.OWN_DEPENDENCIES, params.ownDependencies());
        to.set(JAVA_INT, ParamsLayout.DESCRIPTORS, params.descriptors());
        to.set(
                JAVA_INT,
                ParamsLayout.FUNCTIONS,
                Math.max(1, backend.functions().names().size()));
        to.set(JAVA_INT, ParamsLayout.HOST_RINGS, params.rings().size());
        to.set(JAVA_INT, ParamsLayout.HOST_MAILBOXES, params.mailboxes());
        to.set(JAVA_INT, ParamsLayout.TICK_NS, (int) params.tick().toNanos());
        to.set(JAVA_INT, ParamsLayout.REFRESH_NS, (int) params.refresh().toNanos());
        to.set(JAVA_INT, ParamsLayout.IDLE_NAP_NS, (int) params.idleNap().toNanos());
        for (int i = 0; i < params.vsliceEnds().size(); i++) {
            to.set(
                    JAVA_INT,
                    ParamsLayout.VSLICE_END + i * JAVA_INT.byteSize(),
                    params.vsliceEnds().get(i));
        }
        to.set(JAVA_LONG, ParamsLayout.CONTROL_ADDRESS, device(control));
        to.set(JAVA_LONG, ParamsLayout.STATUS_ADDRESS, device(status));
        to.set(JAVA_LONG, ParamsLayout.MAILBOX_ADDRESS, device(mailboxes));
        to.set(JAVA_LONG, ParamsLayout.HOST_RING_ADDRESS, device(rings));
        boolean records = params.completionCapacity() != 0;
        to.set(JAVA_LONG, ParamsLayout.COMPLETION_ADDRESS, records ? device(completions) : 0);
        to.set(JAVA_LONG, ParamsLayout.FUNCTIONS_ADDRESS, backend.functionsAddress());
    }

    private MemorySegment slice(long offset, long bytes) {
        return memory.segment().asSlice(offset, bytes);
    }

    MemorySegment params() {
        return slice(struct, ParamsLayout.BYTES);
    }

    MemorySegment control() {
        return slice(control, HostControlLayout.BYTES);
    }

    MemorySegment status() {
        return slice(status, HostStatusLayout.BYTES);
    }

    MemorySegment mailbox(int i) {
        return slice(mailboxes + i * MailboxLayout.BYTES, MailboxLayout.BYTES);
    }

    MemorySegment ring(int i) {
        return slice(rings + i * HostRingLayout.BYTES, HostRingLayout.BYTES);
    }

    MemorySegment slots(int i) {
        return slice(slots.get(i), params.rings().get(i).bytes());
    }

    MemorySegment completionRing(int tenant) {
        return slice(completions + tenant * CompletionRingLayout.BYTES, CompletionRingLayout.BYTES);
    }

    MemorySegment records(int tenant) {
        return slice(records.get(tenant), params.completionCapacity() * CompletionLayout.BYTES);
    }
}
