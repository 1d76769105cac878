package dev.gbpf.isa.encoding;

import dev.gbpf.isa.FieldRule;
import dev.gbpf.isa.Opcode;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.encoding.EncodingException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the row of the opcode table that a slot's fields select, or says which field selects none.
 *
 * @param pc for messages
 * @param slot the first slot
 * @param nextImm the immediate of the second slot, 0 when there is none
 */
record FieldCheck(int pc, Slot slot, int nextImm) {

    /** The fields besides the opcode, in the order of the encoding. */
    private enum Field {
        DST("dst"),
        SRC("src"),
        OFFSET("offset"),
        IMM("imm"),
        NEXT_IMM("next_imm");

        private final String label;

        Field(String label) {
            this.label = label;
        }

        FieldRule rule(Opcode row) {
            return switch (this) {
                case DST -> row.dst();
                case SRC -> row.src();
                case OFFSET -> row.offset();
                case IMM -> row.imm();
                case NEXT_IMM -> {
                    FieldRule rule = row.nextImm();
                    yield rule == null ? FieldRule.UNUSED : rule;
                }
            };
        }
    }

    private static final Field[] FIELDS = Field.values();

    /**
     * The row that all fields agree with.
     *
     * @param rows the rows of the slot's opcode byte, at least one
     * @throws EncodingException when there is none, or a register operand does not exist
     */
    Opcode select(List<Opcode> rows) {
        for (Opcode row : rows) {
            if (agrees(row)) {
                checkRegister(row.dst(), "dst", slot.dst());
                checkRegister(row.src(), "src", slot.src());
                return row;
            }
        }
        throw refuse(rows, closest(rows));
    }

    private boolean agrees(Opcode row) {
        return Arrays.stream(FIELDS).allMatch(field -> field.rule(row).allows(content(field)));
    }

    /** The row that was most likely meant: fields that tell the rows apart count more than fields that must be zero. */
    private Opcode closest(List<Opcode> rows) {
        Opcode closest = rows.getFirst();
        int most = -1;
        for (Opcode row : rows) {
            int score = 0;
            for (Field field : FIELDS) {
                if (field.rule(row).allows(content(field))) {
                    score += selects(field, rows) ? FIELDS.length : 1;
                }
            }
            if (score > most) {
                most = score;
                closest = row;
            }
        }
        return closest;
    }

    private static boolean selects(Field field, List<Opcode> rows) {
        return rows.stream()
                        .map(row -> field.rule(row))
                        .filter(rule -> !rule.isFree())
                        .distinct()
                        .count()
                > 1;
    }

    private int content(Field field) {
        return switch (field) {
            case DST -> slot.dst();
            case SRC -> slot.src();
            case OFFSET -> slot.offset();
            case IMM -> slot.imm();
            case NEXT_IMM -> nextImm;
        };
    }

    private EncodingException refuse(List<Opcode> rows, Opcode closest) {
        Field wrong = Field.DST;
        for (Field field : FIELDS) {
            if (!field.rule(closest).allows(content(field))) {
                wrong = field;
                break;
            }
        }
        Field field = wrong;
        List<Integer> allowed = rows.stream()
                .filter(row -> agreesExceptIn(row, field))
                .map(row -> field.rule(row).value())
                .distinct()
                .sorted()
                .toList();
        String what = "opcode=" + UndefinedOpcode.hex(slot.code()) + " with " + field.label + "=" + content(field);
        if (allowed.size() > 1) {
            String values = allowed.stream()
                    .map(v -> field == Field.IMM ? UndefinedOpcode.hex(v) : Integer.toString(v))
                    .collect(Collectors.joining(", "));
            return new EncodingException(
                    Reason.UNDEFINED_VALUE,
                    pc,
                    closest.section(),
                    what + " is no defined operation",
                    "use one of " + field.label + "=" + values);
        }
        int value = field.rule(closest).value();
        if (value == 0) {
            return new EncodingException(
                    Reason.RESERVED_FIELD,
                    pc,
                    "3.1",
                    what + ": " + closest.mnemonic() + " (section " + closest.section() + ") does not use "
                            + field.label + ", which must be 0",
                    "set it to 0");
        }
        return new EncodingException(
                Reason.UNDEFINED_VALUE,
                pc,
                closest.section(),
                what + " is no defined operation",
                "use " + field.label + "=" + value);
    }

    /** Whether {@code field} alone keeps the slot from being of this row; for the list of values that would do. */
    private boolean agreesExceptIn(Opcode row, Field field) {
        for (Field other : FIELDS) {
            if (other != field && !other.rule(row).allows(content(other))) {
                return false;
            }
        }
        return true;
    }

    private void checkRegister(FieldRule rule, String field, int number) {
        if (rule.isFree() && number >= Register.COUNT) {
            throw new EncodingException(
                    Reason.BAD_REGISTER,
                    pc,
                    "3.1",
                    "opcode=" + UndefinedOpcode.hex(slot.code()) + " with " + field + "=r" + number
                            + " names no register",
                    "use r0 to r10");
        }
    }
}
