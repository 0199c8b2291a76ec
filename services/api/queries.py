"""The hand-written queries: each route answers a question."""

from litestar.handlers import HTTPRouteHandler

from services.api.access_queries import access_routes
from services.api.accountability_queries import accountability_routes
from services.api.book_queries import fee_book_routes
from services.api.charge_queries import fee_report_routes
from services.api.complaint_queries import complaint_routes
from services.api.contract_queries import contract_routes
from services.api.directory_queries import directory_routes
from services.api.dispatching import dispatch_routes
from services.api.document_queries import document_routes
from services.api.document_verification import verification_routes
from services.api.duty_queries import duty_routes
from services.api.fee_prices import price_routes
from services.api.fee_printing import fee_print_routes
from services.api.fee_queries import fee_routes
from services.api.feeds import feed_routes
from services.api.fleet_queries import fleet_routes
from services.api.goods_queries import goods_routes
from services.api.inbox import inbox_routes
from services.api.inspection_queries import inspection_routes
from services.api.notice_addresses import address_routes
from services.api.notice_deliveries import delivery_routes
from services.api.notice_endpoints import endpoint_routes
from services.api.penalty_queries import penalty_routes
from services.api.proposals import proposal_routes
from services.api.public_accounts import public_account_routes
from services.api.quality_compiling import compiling_routes
from services.api.quality_lists import quality_list_routes
from services.api.quality_queries import quality_routes
from services.api.report_queries import report_routes
from services.api.requests import Desk
from services.api.rules_queries import rules_routes
from services.api.scorecard_query import scorecard_routes
from services.api.settlement_queries import settlement_routes


def query_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """Every route that reads more than one aggregate, or one in more depth than its state; and notices."""
    return [
        *report_routes(desk),
        *contract_routes(desk),
        *duty_routes(desk),
        *inspection_routes(desk),
        *fee_report_routes(desk),
        *fee_book_routes(desk),
        *public_account_routes(desk),
        *accountability_routes(desk),
        *scorecard_routes(desk),
        *rules_routes(desk),
        *directory_routes(desk),
        *document_routes(desk),
        *verification_routes(desk),
        *access_routes(desk),
        *complaint_routes(desk),
        *penalty_routes(desk),
        *inbox_routes(desk),
        *address_routes(desk),
        *endpoint_routes(desk),
        *delivery_routes(desk),
        *dispatch_routes(desk),
        *fleet_routes(desk),
        *feed_routes(desk),
        *goods_routes(desk),
        *proposal_routes(desk),
        *settlement_routes(desk),
        *quality_routes(desk),
        *quality_list_routes(desk),
        *compiling_routes(desk),
        *fee_routes(desk),
        *fee_print_routes(desk),
        *price_routes(desk),
    ]
