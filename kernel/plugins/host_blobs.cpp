#include "kernel/blobs/store.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {
namespace {

concejo_status put_file(concejo_call* call, concejo_tx* tx, concejo_str path, concejo_str media_type,
                        concejo_sink sink, void* context) {
    return host_guard([&] {
        sink(context,
             c_str(call->services->blobs.put_file(transaction_of(tx), string(path), view(media_type)).id));
    });
}

concejo_status put(concejo_call* call, concejo_tx* tx, concejo_str media_type, concejo_source source,
                   void* from, concejo_sink sink, void* context) {
    return host_guard([&] {
        const auto next = [&]() -> std::string_view {
            concejo_str piece{nullptr, 0};
            raise(source(from, &piece));
            return view(piece);
        };
        sink(context, c_str(call->services->blobs.put(transaction_of(tx), next, view(media_type)).id));
    });
}

concejo_status stat(concejo_call* call, concejo_str id, std::uint64_t* bytes) {
    return host_guard(
        [&] { *bytes = call->services->blobs.open(db::Tenant::of(call->tenant().id), view(id)).bytes; });
}

concejo_status read(concejo_call* call, concejo_str id, std::uint64_t offset, std::uint64_t length,
                    concejo_sink sink, void* context) {
    return host_guard([&] {
        call->services->blobs.read(db::Tenant::of(call->tenant().id), view(id), offset, length,
                                   [&](std::string_view piece) { sink(context, c_str(piece)); });
    });
}

}  // namespace

const concejo_blobs_1& blobs_table() {
    static const concejo_blobs_1 table{sizeof(concejo_blobs_1), &put_file, &put, &stat, &read};
    return table;
}

}  // namespace kernel::plugins
