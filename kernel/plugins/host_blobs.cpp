#include "kernel/blobs/store.hpp"
#include "kernel/blobs/uploads.hpp"
#include "kernel/plugins/actor.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {
namespace {

using concejo::Json;

concejo_status expect_file(concejo_call* call, concejo_str path) {
    return host_guard([&] {
        call->expected[string(path)] = std::async(
            std::launch::async,
            [&store = call->services->blobs, path = string(path),
             tenant = db::Tenant::of(call->tenant().id)] { return store.copy_aside(tenant, path); });
    });
}

/// What expect_file began, when it is done; null: nothing.
std::unique_ptr<blobs::FreshFile> expected_file(concejo_call* call, const std::string& path) {
    auto found = call->expected.extract(path);
    return found ? found.mapped().get() : nullptr;
}

// A plugin's id is its name among those who use a content.
concejo_status put_file(concejo_call* call, concejo_tx* tx, concejo_str path, concejo_str media_type,
                        concejo_sink sink, void* context) {
    return host_guard([&] {
        auto& store = call->services->blobs;
        const auto fresh = expected_file(call, string(path));
        const auto blob =
            fresh ? store.adopt(transaction_of(tx), fresh->staged, view(media_type), call->plugin->id)
                  : store.put_file(transaction_of(tx), string(path), view(media_type), call->plugin->id);
        sink(context, c_str(blob.id));
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
        const auto blob =
            call->services->blobs.put(transaction_of(tx), next, view(media_type), call->plugin->id);
        sink(context, c_str(blob.id));
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

concejo_status keep(concejo_call* call, concejo_tx* tx, concejo_str id) {
    return host_guard([&] { call->services->blobs.keep(transaction_of(tx), view(id), call->plugin->id); });
}

concejo_status remove(concejo_call* call, concejo_tx* tx, concejo_str id) {
    return host_guard([&] { call->services->blobs.remove(transaction_of(tx), view(id), call->plugin->id); });
}

concejo_status describe(concejo_call* call, concejo_tx* tx, concejo_str id, concejo_sink sink,
                        void* context) {
    return host_guard([&] {
        const auto blob = call->services->blobs.describe(transaction_of(tx), view(id));
        sink(context, c_str(Json::object({{"id", blob.id},
                                          {"bytes", static_cast<std::int64_t>(blob.bytes)},
                                          {"media_type", blob.media_type}})
                                .dump()));
    });
}

concejo_status take_upload(concejo_call* call, concejo_tx* tx, concejo_str upload, concejo_sink sink,
                           void* context) {
    return host_guard([&] {
        const auto taken = call->services->uploads.take(transaction_of(tx), view(upload),
                                                        actor_of(call->scope->who), call->plugin->id);
        sink(context, c_str(Json::object({{"id", taken.blob.id},
                                          {"bytes", static_cast<std::int64_t>(taken.blob.bytes)},
                                          {"media_type", taken.blob.media_type},
                                          {"filename", taken.filename}})
                                .dump()));
    });
}

}  // namespace

const concejo_blobs_1& blobs_table() {
    static const concejo_blobs_1 table{sizeof(concejo_blobs_1),
                                       &put_file,
                                       &put,
                                       &stat,
                                       &read,
                                       &keep,
                                       &remove,
                                       &describe,
                                       &take_upload,
                                       &expect_file};
    return table;
}

}  // namespace kernel::plugins
