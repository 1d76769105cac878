package dev.gbpf.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors have CUDA's numbers, and tell what to do. */
class CudaErrorTest {
    @ParameterizedTest
    @EnumSource
    void error_hasCudasNumber(CudaError error) throws ReflectiveOperationException {
        assertThat(CUresult.class.getField(error.cudaName()).getInt(null)).isEqualTo(error.code());
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
        CudaException e = CudaException.of(914, "waiting", "CUDA_ERROR_CAPTURED_EVENT", "ptxas says so\n");
        assertThat(e).hasMessage("waiting: CUDA_ERROR_CAPTURED_EVENT (914)\nptxas says so");
        assertThat(e.error()).isEmpty();
        assertThat(e.remedy()).isNotEmpty();
    }

    @Test
    void faultsOfKernels_loseTheContext() {
        assertThat(CudaError.ILLEGAL_ADDRESS.losesContext()).isTrue();
        assertThat(CudaError.OUT_OF_MEMORY.losesContext()).isFalse();
    }
}
