package dev.gbpf.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors have CUDA's numbers, and tell what to do. */
class CudaErrorTest {
    private static final Pattern ENUMERATOR =
            Pattern.compile("^\\s*(CUDA_ERROR_\\w+)\\s*=\\s*(\\d+)", Pattern.MULTILINE);

    @Test
    void errors_haveTheNumbersOfTheToolkitsHeader() throws IOException {
        Path header = Path.of(System.getenv().getOrDefault("CUDA_HOME", "/usr/local/cuda"), "include", "cuda.h");
        Assumptions.assumeTrue(Files.isReadable(header), "skipped: there is no " + header);
        Map<String, Integer> numbers = ENUMERATOR
                .matcher(Files.readString(header))
                .results()
                .collect(Collectors.toMap(m -> m.group(1), m -> Integer.valueOf(m.group(2))));
        assertThat(CudaError.values())
                .allSatisfy(error -> assertThat(numbers).containsEntry(error.cudaName(), error.code()));
    }

    @ParameterizedTest
    @EnumSource
    void error_isFoundByItsNumber_andTellsWhatToDo(CudaError error) {
        assertThat(CUresult.class.getFields()) // of an older CUDA
                .filteredOn(field -> field.getName().equals(error.cudaName()))
                .allSatisfy(field -> assertThat(field.getInt(null)).isEqualTo(error.code()));
        assertThat(CudaError.byCode(error.code())).contains(error);
        assertThat(error.meaning()).isNotEmpty().doesNotEndWith(".");
        assertThat(error.remedy()).isNotEmpty().doesNotEndWith(".");
    }

    @Test
    void exception_saysWhatWasTriedAndWhatItMeans() {
        CudaException e = CudaException.of(209, "loading module probe", "", "");
        assertThat(e)
                .hasMessage(
                        "loading module probe: CUDA_ERROR_NO_BINARY_FOR_GPU (209): the code has no machine code for this"
                                + " GPU, and no PTX that it could be compiled from");
        assertThat(e.error()).contains(CudaError.NO_BINARY_FOR_GPU);
        assertThat(e.remedy()).contains("gbpf doctor");
    }

    @Test
    void exception_ofAnErrorThatIsNotListed_hasCudasName() {
        CudaException e = CudaException.of(907, "waiting", "CUDA_ERROR_CAPTURED_EVENT", "ptxas says so\n");
        assertThat(e).hasMessage("waiting: CUDA_ERROR_CAPTURED_EVENT (907)\nptxas says so");
        assertThat(e.error()).isEmpty();
        assertThat(e.remedy()).isNotEmpty();
    }

    @Test
    void faultsOfKernels_loseTheContext() {
        assertThat(CudaError.ILLEGAL_ADDRESS.losesContext()).isTrue();
        assertThat(CudaError.OUT_OF_MEMORY.losesContext()).isFalse();
    }
}
