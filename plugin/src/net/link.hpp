// The Asio types of this room, spelled once. Concrete executors instead of any_io_executor: less code, no virtual calls per
// operation.
#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "net/transport.hpp"

namespace snap::net {

namespace asio = boost::asio;
using error_code = boost::system::error_code;
using tcp = asio::ip::tcp;
using loop_executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<tcp, loop_executor>;
using tls_stream = asio::ssl::stream<tcp_socket>;
using loop_timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, loop_executor>;

}  // namespace snap::net
