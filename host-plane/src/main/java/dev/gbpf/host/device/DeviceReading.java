package dev.gbpf.host.device;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a device says of itself at one moment.
 *
 * @param values texts without units, by field; a field that the device does not know is absent
 */
public record DeviceReading(Map<DeviceField, String> values) {
    public DeviceReading {
        values = Map.copyOf(values);
    }

    /** What it says of a field, without unit. */
    public Optional<String> value(DeviceField field) {
        return Optional.ofNullable(values.get(field));
    }

    /** Whether somebody means this device: by its index, its UUID, or the beginning of the UUID. */
    public boolean isMeantBy(String text) {
        return !text.isEmpty()
                && (value(DeviceField.INDEX).filter(text::equals).isPresent()
                        || value(DeviceField.UUID)
                                .filter(uuid -> uuid.startsWith(text) && text.length() > "GPU-".length())
                                .isPresent());
    }

    /** Fills a reading. */
    public static final class Builder {
        private final Map<DeviceField, String> values = new EnumMap<>(DeviceField.class);

        /** Sets a field. */
        public Builder put(DeviceField field, Object value) {
            values.put(field, value.toString());
            return this;
        }

        public DeviceReading build() {
            return new DeviceReading(values);
        }
    }
}
