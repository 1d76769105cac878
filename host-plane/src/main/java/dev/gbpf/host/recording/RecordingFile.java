package dev.gbpf.host.recording;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The file of a recording: a head of {@value #HEAD} bytes, and the content, deflated. */
public final class RecordingFile {
    /** Events of a recording, at most. */
    public static final int MOST_EVENTS = 1 << 22;

    /** Bytes that all events may take before they are deflated. */
    public static final int MOST_EVENT_BYTES = 48 << 20;

    /** Bytes of a file, at most. */
    public static final int MOST_BYTES = 64 << 20;

    static final int HEAD = 24;
    static final int VERSION = 1;
    private static final long MAGIC = 0x3143_4552_4650_4247L; // GBPFREC1, little-endian
    private static final int VERSION_AT = 8;
    private static final int CHECKSUM_AT = 12;
    private static final int CONTENT_BYTES_AT = 16;

    private static final int MOST_CONTENT = 64 << 20;
    private static final int MOST_TENANTS = 64;
    private static final int MOST_APPLICATIONS = 1_024;
    private static final int MOST_TEXT = 1_024;
    private static final long MOST_NS = 1L << 52;
    /** A daemon records no longer than ten minutes. */
    private static final long MOST_DURATION_NS = 1_000_000_000_000L;

    private static final int MOST_SMS = 1 << 16;
    private static final int PIECE = 1 << 16;

    private RecordingFile() {}

    /** An application that was recorded, for {@link #write}. */
    public record Recorded(int tenant, boolean latency, String command, ApplicationRecorder recorder) {}

    /** The bytes of a file. What is said of the recording is that of {@link Recording}. */
    public static byte[] write(
            String device,
            int sms,
            String policy,
            long durationNs,
            boolean complete,
            List<RecordedTenant> tenants,
            List<Recorded> applications) {
        Bytes content = new Bytes();
        content.text(device);
        content.number(sms);
        content.text(policy);
        content.number(durationNs);
        content.number(complete ? 1 : 0);
        content.number(tenants.size());
        for (RecordedTenant tenant : tenants) {
            content.text(tenant.name());
            content.number(tenant.weight());
            content.number(tenant.priority());
        }
        content.number(applications.size());
        applications.forEach(application -> write(content, application));
        return sealed(content.toArray());
    }

    private static void write(Bytes content, Recorded application) {
        ApplicationRecorder recorder = application.recorder();
        content.number(application.tenant());
        content.number(application.latency() ? 1 : 0);
        content.text(application.command());
        content.number(recorder.lost());
        List<RecordedFunction> functions = recorder.functions();
        content.number(functions.size());
        for (RecordedFunction function : functions) {
            content.number(function.kind().number());
            content.word(function.key());
            content.number(function.estimateNs());
            content.number(function.blocks());
            content.number(function.threads());
            content.number(function.launches());
        }
        content.number(recorder.count());
        content.number(recorder.events().size());
        content.all(recorder.events());
    }

    private static byte[] sealed(byte[] content) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[HEAD]);
        byte[] piece = new byte[PIECE];
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(content);
            deflater.finish();
            while (!deflater.finished()) {
                file.write(piece, 0, deflater.deflate(piece));
            }
        }
        byte[] bytes = file.toByteArray();
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(0, MAGIC);
        head.putInt(VERSION_AT, VERSION);
        head.putLong(CONTENT_BYTES_AT, content.length);
        return head.putInt(CHECKSUM_AT, checksum(bytes)).array();
    }

    /** Of all that follows the checksum. */
    private static int checksum(byte[] file) {
        CRC32C checksum = new CRC32C();
        checksum.update(file, CONTENT_BYTES_AT, file.length - CONTENT_BYTES_AT);
        return (int) checksum.getValue();
    }

    /**
     * Reads a file, whatever it holds.
     *
     * @throws RecordingException when it is no recording, of another version, or damaged
     */
    public static Recording read(byte[] file) throws RecordingException {
        if (file.length < HEAD
                || ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0) != MAGIC) {
            throw new RecordingException("it is no recording: it does not begin with GBPFREC1");
        }
        ByteBuffer head = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int version = head.getInt(VERSION_AT);
        if (version != VERSION) {
            throw new RecordingException("it is a recording of version " + Integer.toUnsignedString(version)
                    + ", and this program reads version " + VERSION);
        }
        if (head.getInt(CHECKSUM_AT) != checksum(file)) {
            throw new RecordingException("it is damaged or cut short: its checksum is not that of its content");
        }
        long bytes = head.getLong(CONTENT_BYTES_AT);
        if (bytes < 0 || bytes > MOST_CONTENT) {
            throw new RecordingException("its content has " + Long.toUnsignedString(bytes) + " bytes, at most "
                    + MOST_CONTENT + " can be read");
        }
        byte[] content = inflate(file, (int) bytes);
        return read(new Cursor(content, 0, content.length), content);
    }

    /** What is inflated grows with what comes out, and never beyond what the head says. */
    private static byte[] inflate(byte[] file, int bytes) throws RecordingException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(file, HEAD, file.length - HEAD);
            while (!inflater.finished()) {
                int got = inflater.inflate(piece);
                if ((got == 0 && !inflater.finished()) || content.size() + got > bytes) {
                    throw new RecordingException("its content is not deflated, or not " + bytes + " bytes");
                }
                content.write(piece, 0, got);
            }
        } catch (DataFormatException e) {
            throw new RecordingException("its content is not deflated: " + e.getMessage());
        }
        if (content.size() != bytes) {
            throw new RecordingException("its content has " + content.size() + " bytes, expected " + bytes);
        }
        return content.toByteArray();
    }

    private static Recording read(Cursor from, byte[] content) throws RecordingException {
        String device = from.text("the device's name", MOST_TEXT);
        int sms = (int) from.number("SMs", MOST_SMS);
        String policy = from.text("the policy's name", MOST_TEXT);
        long durationNs = from.number("duration", MOST_DURATION_NS);
        boolean complete = from.number("a flag", 1) == 1;
        int tenantCount = from.count("tenants", MOST_TENANTS);
        List<RecordedTenant> tenants = new ArrayList<>(tenantCount);
        for (int i = 0; i < tenantCount; i++) {
            tenants.add(new RecordedTenant(
                    from.text("a tenant's name", MOST_TEXT), (int) from.number("weight", Integer.MAX_VALUE), (int)
                            from.number("priority", Integer.MAX_VALUE)));
        }
        int count = from.count("applications", MOST_APPLICATIONS);
        List<RecordedApplication> applications = new ArrayList<>(count);
        int events = 0;
        for (int i = 0; i < count; i++) {
            RecordedApplication application = application(from, content, tenantCount, MOST_EVENTS - events);
            events += application.events().size();
            applications.add(application);
        }
        if (from.left() != 0) {
            throw from.broken(from.left() + " bytes follow the last application");
        }
        return new Recording(device, sms, policy, durationNs, complete, tenants, applications);
    }

    private static RecordedApplication application(Cursor from, byte[] content, int tenants, int mostEvents)
            throws RecordingException {
        int tenant = (int) from.number("a tenant", tenants - 1L);
        boolean latency = from.number("a class", 1) == 1;
        String command = from.text("a command", MOST_TEXT);
        long lost = from.number("lost events", Long.MAX_VALUE);
        int functionCount = from.count("functions", ApplicationRecorder.MOST_FUNCTIONS);
        List<RecordedFunction> functions = new ArrayList<>(functionCount);
        for (int i = 0; i < functionCount; i++) {
            EventKind kind = EventKind.of((int) from.number("a kind", EventKind.MOST))
                    .filter(EventKind::isLaunch)
                    .orElse(null);
            if (kind == null) {
                throw from.broken("a function is neither a kernel nor a graph");
            }
            functions.add(new RecordedFunction(
                    kind,
                    from.word(),
                    from.number("an estimate", MOST_NS),
                    from.number("blocks", Long.MAX_VALUE),
                    from.number("threads", Long.MAX_VALUE),
                    from.number("launches", Long.MAX_VALUE)));
        }
        int count = (int) from.number("events", mostEvents);
        int bytes = from.count("bytes of events", MOST_CONTENT);
        // The shortest event has two bytes.
        if (count > bytes / 2) {
            throw from.broken("events=" + count + " do not fit in " + bytes + " bytes");
        }
        Cursor line = new Cursor(content, from.at(), from.at() + bytes);
        List<RecordedEvent> events = EventLine.read(line, count, functionCount);
        from.skip(bytes);
        return new RecordedApplication(tenant, latency, command, lost, functions, events);
    }
}
