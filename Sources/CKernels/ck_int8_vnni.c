// 8-bit products with AVX-512 VNNI: dpbusd adds four products of w + 128 (unsigned) and a (signed) to each 32-bit sum
// without saturation; the sum starts at −128·Σa, which takes the 128 off again.
#if defined(__x86_64__)
#include "ck_int8.h"
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512vnni,fma")))

#define EACH                                                           \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < ROWS_; i++) \
        _Pragma("clang loop unroll(full)") for (int p = 0; p < PANELS_; p++)

#define TILE(NAME, ROWS, PANELS)                                                                              \
    TARGET static void NAME(const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b, ptrdiff_t panel,        \
                            const float *b_scale, float *c, ptrdiff_t c_row, ptrdiff_t width, bool accumulate, \
                            const uint8_t *ahead, ptrdiff_t ahead_step) {                                     \
        enum { ROWS_ = ROWS, PANELS_ = PANELS };                                                              \
        const int8_t *values = a->values + first * a->row;                                                    \
        __m512 total[ROWS][PANELS];                                                                           \
        EACH total[i][p] = _mm512_setzero_ps();                                                               \
        for (ptrdiff_t g = 0, q = 0; g < a->groups; g++) {                                                    \
            __m512i sum[ROWS][PANELS];                                                                        \
            EACH sum[i][p] = _mm512_set1_epi32(-128 * a->sum[(first + i) * a->groups + g]);                   \
            ptrdiff_t end = (g + 1) * a->quads_of_group < a->quads ? (g + 1) * a->quads_of_group : a->quads;  \
            for (; q < end; q++) {                                                                            \
                __m512i w[PANELS];                                                                            \
                _Pragma("clang loop unroll(full)") for (int p = 0; p < PANELS; p++) {                         \
                    __builtin_prefetch(ahead + p * panel + q * ahead_step, 0, 2);                             \
                    w[p] = _mm512_loadu_si512(b + p * panel + q * 64);                                        \
                }                                                                                             \
                _Pragma("clang loop unroll(full)") for (int i = 0; i < ROWS; i++) {                           \
                    int32_t quad;                                                                             \
                    memcpy(&quad, values + i * a->row + q * 4, 4);                                            \
                    __m512i x = _mm512_set1_epi32(quad);                                                      \
                    _Pragma("clang loop unroll(full)") for (int p = 0; p < PANELS; p++)                       \
                        sum[i][p] = _mm512_dpbusd_epi32(sum[i][p], w[p], x);                                  \
                }                                                                                             \
            }                                                                                                 \
            EACH {                                                                                            \
                __m512 scale = _mm512_loadu_ps(b_scale + (p * a->groups + g) * 16);                           \
                total[i][p] = _mm512_fmadd_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sum[i][p]), scale),            \
                                              _mm512_set1_ps(a->scale[(first + i) * a->groups + g]),          \
                                              total[i][p]);                                                   \
            }                                                                                                 \
        }                                                                                                     \
        EACH {                                                                                                \
            float *target = c + i * c_row + p * 16;                                                           \
            __mmask16 used = p + 1 < PANELS ? 0xFFFF : (__mmask16)(0xFFFF >> (PANELS * 16 - width));          \
            __m512 result = accumulate ? _mm512_add_ps(_mm512_maskz_loadu_ps(used, target), total[i][p])      \
                                       : total[i][p];                                                         \
            _mm512_mask_storeu_ps(target, used, result);                                                      \
        }                                                                                                     \
    }
#define TILES(ROWS) TILE(one_##ROWS, ROWS, 1) TILE(two_##ROWS, ROWS, 2)
TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)

static void run(ptrdiff_t rows, ptrdiff_t width, const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b,
                ptrdiff_t panel, const float *b_scale, float *c, ptrdiff_t c_row, bool accumulate,
                const uint8_t *ahead, ptrdiff_t ahead_step) {
#define CASE(ROWS)                                                                                          \
    case ROWS:                                                                                              \
        (width > 16 ? two_##ROWS : one_##ROWS)(a, first, b, panel, b_scale, c, c_row, width, accumulate, ahead, \
                                               ahead_step);                                                 \
        return;
    switch (rows) { CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) }
#undef CASE
}

const ck_int8_tile ck_int8_vnni = {6, 32, run};
#endif
