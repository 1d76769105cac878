package dev.gbpf.diagnostic;

/**
 * The codes of the policy language's compiler. A code never changes its meaning and is never used again once it is gone;
 * {@link ErrorCatalogue} explains each of them at length. E00 is text and syntax, E01 names and modules, E02 types and constants, E03
 * maps, E04 hooks, helpers and functions, E05 loops and match, E06 limits of the generated code, E09 warnings, T01 tests that do not
 * compile, T02 tests that fail.
 */
public enum ErrorCode {
    SOURCE_TOO_LARGE("E0001"),
    TOO_MANY_TOKENS("E0002"),
    NESTED_TOO_DEEPLY("E0003"),
    EXPRESSION_TOO_LONG("E0004"),
    UNEXPECTED_CHARACTER("E0005"),
    UNTERMINATED_COMMENT("E0006"),
    MALFORMED_NUMBER("E0007"),
    NUMBER_TOO_LARGE("E0008"),
    UNKNOWN_UNIT("E0009"),
    UNEXPECTED_TOKEN("E0010"),
    MISSING_TOKEN("E0011"),
    MISSING_POLICY_NAME("E0012"),
    FOREIGN_CONSTRUCT("E0013"),
    STATEMENT_WITHOUT_EFFECT("E0014"),
    NOT_ASSIGNABLE("E0015"),
    ELSE_WITHOUT_MAP_READ("E0016"),
    NAME_TOO_LONG("E0017"),
    UNBALANCED_BRACKET("E0018"),
    TOO_MANY_ERRORS("E0019"),

    UNKNOWN_NAME("E0101"),
    DUPLICATE_NAME("E0102"),
    RESERVED_NAME("E0103"),
    UNKNOWN_FUNCTION("E0104"),
    USED_BEFORE_DECLARED("E0105"),
    UNKNOWN_TYPE("E0106"),
    STORAGE_TYPE("E0107"),
    NOT_A_VALUE("E0108"),
    IMMUTABLE("E0109"),
    UNKNOWN_MODULE("E0110"),
    IMPORT_CYCLE("E0111"),
    IMPORT_PATH("E0112"),
    NOT_A_MODULE("E0113"),
    HOOK_IN_MODULE("E0114"),
    TOO_MANY_MODULES("E0115"),

    TYPE_MISMATCH("E0201"),
    MIXED_SIGNEDNESS("E0202"),
    CONSTANT_OUT_OF_RANGE("E0203"),
    NOT_CONSTANT("E0204"),
    CONSTANT_OVERFLOW("E0205"),
    CONSTANT_DIVISION_BY_ZERO("E0206"),
    CONSTANT_SHIFT_COUNT("E0207"),
    INVALID_CAST("E0208"),
    CHAINED_COMPARISON("E0209"),
    CHECKED_WITHOUT_ELSE("E0210"),

    ENTRY_MAY_BE_ABSENT("E0301"),
    INDEX_OUT_OF_RANGE("E0302"),
    DELETE_FROM_ARRAY("E0303"),
    UNKNOWN_MAP_KIND("E0304"),
    MAP_TYPES("E0305"),
    MAP_CAPACITY("E0306"),
    NOT_A_MAP("E0307"),
    ELSE_WITHOUT_MAP_WRITE("E0308"),
    MAP_WITHOUT_KEYS("E0309"),
    WRONG_MAP_KIND("E0310"),
    MAY_BE_FULL("E0311"),
    COUNTER_TYPE("E0312"),
    COUNTER_CHANGE("E0313"),

    UNKNOWN_STRUCT_FIELD("E0320"),
    MISSING_FIELD("E0321"),
    DUPLICATE_FIELD("E0322"),
    STRUCT_NOT_A_NUMBER("E0323"),
    STRUCT_EXPECTED("E0324"),
    RECURSIVE_STRUCT("E0325"),
    STRUCT_TOO_LARGE("E0326"),
    EMPTY_STRUCT("E0327"),
    ELSE_MUST_LEAVE("E0328"),
    REFERENCE_FORM("E0329"),

    UNKNOWN_HOOK("E0401"),
    DUPLICATE_HOOK("E0402"),
    UNKNOWN_FIELD("E0403"),
    FIELD_NOT_WRITABLE("E0404"),
    ARGUMENT_COUNT("E0405"),
    HELPER_NOT_ALLOWED("E0406"),
    MAP_HELPER_BY_NAME("E0407"),
    FOREIGN_VERDICT("E0408"),
    VERDICT_OUT_OF_RANGE("E0409"),
    RECURSIVE_CALL("E0410"),
    CALLS_TOO_DEEP("E0411"),
    MISSING_RETURN("E0412"),
    RETURN_VALUE("E0413"),
    NO_VALUE("E0414"),
    TOO_MANY_PARAMETERS("E0415"),

    UNBOUNDED_LOOP("E0501"),
    LOOP_BOUND_OUT_OF_RANGE("E0502"),
    OUTSIDE_LOOP("E0503"),
    LOOP_OVER_MAP("E0504"),
    NOT_EXHAUSTIVE("E0505"),
    EMPTY_PATTERN("E0506"),

    STACK_EXCEEDED("E0601"),
    PROGRAM_TOO_LARGE("E0602"),

    UNUSED_VARIABLE("E0901", Severity.WARNING),
    NEVER_READ("E0902", Severity.WARNING),
    NEEDLESS_VAR("E0903", Severity.WARNING),
    UNUSED_CONSTANT("E0904", Severity.WARNING),
    UNUSED_MAP("E0905", Severity.WARNING),
    UNREACHABLE_CODE("E0906", Severity.WARNING),
    NO_HOOKS("E0907", Severity.WARNING),
    ALWAYS_PRESENT("E0908", Severity.WARNING),
    DIVISION_BY_ZERO("E0909", Severity.WARNING),
    SHIFT_COUNT_WRAPS("E0910", Severity.WARNING),
    LOOP_NEVER_RUNS("E0911", Severity.WARNING),
    TOO_MANY_WARNINGS("E0912", Severity.WARNING),
    UNUSED_FUNCTION("E0913", Severity.WARNING),
    UNREACHABLE_ARM("E0914", Severity.WARNING),
    UNUSED_IMPORT("E0915", Severity.WARNING),
    UNUSED_STRUCT("E0920", Severity.WARNING),

    TEST_TITLE("T0101"),
    TEST_WITHOUT_EXPECTATION("T0102"),
    TEST_VALUE_OUT_OF_RANGE("T0103"),
    TEST_FIELD("T0104"),
    TEST_GIVEN("T0105"),
    TEST_CALL_EXPECTATION("T0106"),
    TEST_HOOK_MISSING("T0107"),
    TEST_LIMIT("T0108"),

    EXPECTATION_FAILED("T0201"),
    TEST_ENTRY_ABSENT("T0202"),
    TEST_STEP_FAILED("T0203");

    private final String code;
    private final Severity severity;

    ErrorCode(String code) {
        this(code, Severity.ERROR);
    }

    ErrorCode(String code, Severity severity) {
        this.code = code;
        this.severity = severity;
    }

    /** As messages show it: a letter and four digits. */
    public String code() {
        return code;
    }

    public Severity severity() {
        return severity;
    }
}
