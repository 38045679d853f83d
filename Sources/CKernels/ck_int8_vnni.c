// 8-bit products with AVX-512 VNNI: dpbusd adds four products of w + 128 (unsigned) and a (signed) to each 32-bit sum
// without saturation; the sum starts at −128·Σa, which takes the 128 off again.
#if defined(__x86_64__)
#include "ck_int8.h"
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512vnni,fma")))

#define TILE(NAME, ROWS, PANELS)                                                                              \
    TARGET static void NAME(const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b, ptrdiff_t panel,        \
                            float *sums, const uint8_t *ahead, ptrdiff_t ahead_step) {                        \
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
            EACH total[i][p] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum[i][p]),                                 \
                                               _mm512_set1_ps(a->scale[(first + i) * a->groups + g]),         \
                                               total[i][p]);                                                  \
        }                                                                                                     \
        EACH _mm512_storeu_ps(sums + i * 32 + p * 16, total[i][p]);                                           \
    }
#define EACH                                                          \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < ROWS_; i++) \
        _Pragma("clang loop unroll(full)") for (int p = 0; p < PANELS_; p++)

#define ROWS_ 1
#define PANELS_ 1
TILE(one_1, 1, 1)
#undef PANELS_
#define PANELS_ 2
TILE(two_1, 1, 2)
#undef ROWS_
#define ROWS_ 2
TILE(two_2, 2, 2)
#undef PANELS_
#define PANELS_ 1
TILE(one_2, 2, 1)
#undef ROWS_
#define ROWS_ 3
TILE(one_3, 3, 1)
#undef PANELS_
#define PANELS_ 2
TILE(two_3, 3, 2)
#undef ROWS_
#define ROWS_ 4
TILE(two_4, 4, 2)
#undef PANELS_
#define PANELS_ 1
TILE(one_4, 4, 1)
#undef ROWS_
#define ROWS_ 5
TILE(one_5, 5, 1)
#undef PANELS_
#define PANELS_ 2
TILE(two_5, 5, 2)
#undef ROWS_
#define ROWS_ 6
TILE(two_6, 6, 2)
#undef PANELS_
#define PANELS_ 1
TILE(one_6, 6, 1)

static void run(ptrdiff_t rows, ptrdiff_t columns, const ck_int8_rows *a, ptrdiff_t first, const uint8_t *b,
                ptrdiff_t panel, float *sums, const uint8_t *ahead, ptrdiff_t ahead_step) {
#define CASE(ROWS) \
    case ROWS: (columns > 16 ? two_##ROWS : one_##ROWS)(a, first, b, panel, sums, ahead, ahead_step); return;
    switch (rows) { CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) }
#undef CASE
}

const ck_int8_tile ck_int8_vnni = {6, 32, run};
#endif
